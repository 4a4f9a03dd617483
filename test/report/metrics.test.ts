import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { MetricsLog, readMetrics } from '../../src/report/metrics.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-metrics-'));
after(() => rm(folder, { recursive: true, force: true }));

test('lines are whole and in order, with time and role', async () => {
  const path = join(folder, 'a', 'metrics.jsonl');
  const log = await MetricsLog.open(path, 'student-0');
  await Promise.all([1, 2, 3].map((step) => log.write({ event: 'step', step, loss: 1 / step })));
  await log.close();
  const lines = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    lines.map(({ step, role }) => [step, role]),
    [
      [1, 'student-0'],
      [2, 'student-0'],
      [3, 'student-0'],
    ],
  );
  assert.ok(lines.every(({ time }) => !Number.isNaN(Date.parse(String(time)))));
});

test('a line torn by a crash is skipped, and the next writer starts a new line', async () => {
  const path = join(folder, 'torn.jsonl');
  await appendFile(path, '{"event":"step","step":1,"loss":3}\n{"event":"st');
  const log = await MetricsLog.open(path, 'student-0');
  await log.write({ event: 'step', step: 2, loss: 2 });
  await log.close();
  assert.deepEqual(
    (await readMetrics(path)).map(({ step }) => step),
    [1, 2],
  );
});

test('for a step repeated after a resume, the last line counts', async () => {
  const path = join(folder, 'resumed.jsonl');
  const log = await MetricsLog.open(path, 'student-0');
  for (const [step, loss] of [
    [1, 9],
    [2, 8],
    [2, 7],
    [3, 6],
  ] as const)
    await log.write({ event: 'step', step, loss });
  await log.write({ event: 'evaluation', step: 3, loss: 5 });
  await log.close();
  const lines = await readMetrics(path);
  assert.deepEqual(
    lines.map(({ event, step, loss }) => [event, step, loss]),
    [
      ['step', 1, 9],
      ['step', 2, 7],
      ['step', 3, 6],
      ['evaluation', 3, 5],
    ],
  );
});

test('absent metrics are FILE_MISSING', async () => {
  await assert.rejects(readMetrics(join(folder, 'none.jsonl')), { code: 'FILE_MISSING' });
});

test('steps after the one that a resumed process continues from do not count', async () => {
  const path = join(folder, 'begun.jsonl');
  const log = await MetricsLog.open(path, 'student-0');
  await log.write({ event: 'begin', step: 0 });
  for (const step of [1, 2, 3, 4]) await log.write({ event: 'step', step, loss: 9 - step });
  await log.write({ event: 'evaluation', step: 4, loss: 5 });
  await log.write({ event: 'begin', step: 2 });
  await log.write({ event: 'step', step: 3, loss: 1 });
  await log.close();
  const lines = (await readMetrics(path)).filter(({ event }) => event !== 'begin');
  assert.deepEqual(
    lines.map(({ event, step, loss }) => [event, step, loss]),
    [
      ['step', 1, 8],
      ['step', 2, 7],
      ['step', 3, 1],
    ],
  );
});
