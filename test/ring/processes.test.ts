/**
 * Ranks as real processes on this machine: they agree, and when one is killed, the others fail and
 * exit.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

interface Line {
  readonly endpoint?: string;
  readonly step?: number;
  readonly crc?: number;
  readonly code?: string;
  readonly message?: string;
}

const folder = mkdtempSync(join(tmpdir(), 'brine-ranks-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const program = fileURLToPath(new URL('./rank-process.js', import.meta.url));

async function startRanks(addresses: readonly string[], steps: number) {
  const size = addresses.length;
  const children = addresses.map((address, rank) =>
    spawn(process.execPath, [program, `${rank}`, `${size}`, `${steps}`, address], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  const lines = children.map((child) => createInterface({ input: child.stdout })[Symbol.asyncIterator]());
  const next = async (rank: number): Promise<Line | undefined> => {
    const { value, done } = await lines[rank]!.next();
    return done ? undefined : (JSON.parse(value) as Line);
  };
  const endpoints = await Promise.all(children.map(async (_, rank) => (await next(rank))!.endpoint!));
  for (const [rank, child] of children.entries()) {
    child.stdin.write(`${JSON.stringify({ nextEndpoint: endpoints[(rank + 1) % size] })}\n`);
  }
  return { children, next };
}

test('four processes over tcp get the same bytes at every step, and exit', async () => {
  const { children, next } = await startRanks(
    Array.from({ length: 4 }, () => 'tcp://127.0.0.1:*'),
    3,
  );
  for (let step = 1; step <= 3; step++) {
    const lines = await Promise.all(children.map((_, rank) => next(rank)));
    for (const line of lines) assert.deepEqual(line, { step, crc: lines[0]!.crc });
  }
  assert.deepEqual(await Promise.all(children.map((_, rank) => next(rank))), [
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
  test(`after ${signal} to one of three processes, the others exit with an error`, async () => {
    const addresses = [0, 1, 2].map((rank) => `ipc://${join(folder, `${signal}-${rank}`)}`);
    const { children, next } = await startRanks(addresses, 1_000_000);
    await Promise.all(children.map((_, rank) => next(rank)));
    children[1]!.kill(signal);
    const errors = await Promise.all(
      [0, 2].map(async (rank) => {
        for (let line = await next(rank); line; line = await next(rank)) if (line.code) return line;
        return assert.fail(`rank ${rank} ended without an error`);
      }),
    );
    children[1]!.kill('SIGKILL');
    for (const { code, message } of errors) assert.match(code!, /^RING_(PEER_LOST|TIMEOUT)$/, message);
  });
}
