import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorIn, lastError, sizeOf } from '../../../src/launch/processes/log-tail.ts';

test('finds the last error in the log since the start of the process', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'brine-words-'));
  t.after(() => rm(folder, { recursive: true }));
  const log = join(folder, 'student-0.log');
  assert.deepEqual([sizeOf(log), lastError(log, 0)], [0, '']);
  await writeFile(log, 'error FILE_DAMAGED: of a run before\nhint: none\n');
  const before = sizeOf(log);
  assert.equal(lastError(log, before), '');
  await appendFile(
    log,
    `${'{"level":30}\n'.repeat(1000)}error ENGINE_FAILED: no memory left\nhint: use less\n`,
  );
  assert.equal(lastError(log, before), ': no memory left');
});

test('does not repeat the prefix of the error that stopped a process', () => {
  const text = 'error CANCELLED: student-0 was stopped: student-1: the disk is full\nhint: Look there.\n';
  assert.equal(errorIn(text), ': student-1: the disk is full');
});
