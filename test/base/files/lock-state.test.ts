/** The decision whether a lock still has an owner. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lockState, SILENCE_MS, type LockOwner } from '../../../src/base/files/lock-state.ts';

const OWNER: LockOwner = {
  format: 'brine-lock-1',
  id: 'a',
  pid: 7,
  began: 'boot-1:100',
  host: 'node-1',
  namespace: 'pid:[1]',
  since: '2026-01-01T00:00:00.000Z',
  does: 'trains',
};
const here = (began: string, boot = 'boot-1') => ({
  host: 'node-1',
  namespace: 'pid:[1]',
  boot,
  processBegan: (pid: number) => (pid === 7 ? began : ''),
});
const stateOf = (owner: LockOwner | undefined, silentMs: number, observer = here('boot-1:100')) =>
  lockState({ owner, silentMs }, observer).kind;

test('on the same machine, process id and start decide whether an owner is alive, not its last touch', () => {
  assert.equal(stateOf(OWNER, 10 * SILENCE_MS), 'held');
  assert.equal(stateOf(OWNER, 0, here('')), 'stale', 'the owner has exited');
  assert.equal(stateOf(OWNER, 0, here('boot-1:999')), 'stale', 'its process id was reused');
});

test('after a reboot a lock is stale only after the silence limit, since another machine may have the same name', () => {
  assert.equal(stateOf(OWNER, 1000, here('boot-2:100', 'boot-2')), 'unknown');
  assert.equal(stateOf(OWNER, SILENCE_MS, here('boot-2:100', 'boot-2')), 'stale');
});

test('for an owner on another machine or in another container only the last touch decides', () => {
  for (const owner of [
    { ...OWNER, host: 'node-2' },
    { ...OWNER, namespace: 'pid:[2]' },
  ]) {
    assert.deepEqual(lockState({ owner, silentMs: 30_000 }, here('')), { kind: 'unknown', leftMs: 60_000 });
    assert.equal(stateOf(owner, SILENCE_MS, here('')), 'stale');
  }
  assert.equal(stateOf(undefined, 5), 'unknown', 'an unreadable lock may be one that is being written');
  assert.equal(stateOf(undefined, SILENCE_MS), 'stale');
});
