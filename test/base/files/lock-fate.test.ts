/** Whether a lock still has an owner, as a pure decision. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lockFate, SILENCE_MS, type LockOwner } from '../../../src/base/files/lock-fate.ts';

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
const fate = (owner: LockOwner | undefined, silentMs: number, look = here('boot-1:100')) =>
  lockFate({ owner, silentMs }, look).kind;

test('on its own machine an owner is held to live by number and start, however long it is silent', () => {
  assert.equal(fate(OWNER, 10 * SILENCE_MS), 'held');
  assert.equal(fate(OWNER, 0, here('')), 'gone', 'it has ended');
  assert.equal(fate(OWNER, 0, here('boot-1:999')), 'gone', 'its number belongs to another process now');
});

test('after a reboot the lock is free once it was silent; a machine of the same name may still hold it', () => {
  assert.equal(fate(OWNER, 1000, here('boot-2:100', 'boot-2')), 'unseen');
  assert.equal(fate(OWNER, SILENCE_MS, here('boot-2:100', 'boot-2')), 'gone');
});

test('an owner on another machine or in another container counts as gone after its silence alone', () => {
  for (const owner of [
    { ...OWNER, host: 'node-2' },
    { ...OWNER, namespace: 'pid:[2]' },
  ]) {
    assert.deepEqual(lockFate({ owner, silentMs: 30_000 }, here('')), { kind: 'unseen', leftMs: 60_000 });
    assert.equal(fate(owner, SILENCE_MS, here('')), 'gone');
  }
  assert.equal(fate(undefined, 5), 'unseen', 'a file that is no lock may be one that is being written');
  assert.equal(fate(undefined, SILENCE_MS), 'gone');
});
