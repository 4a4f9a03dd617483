/**
 * Downstream tasks against the numbers of lm-evaluation-harness on the same model and files
 * (scripts/golden/evaluation_reference.py).
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../../src/base/files/files.ts';
import { readTokenizer } from '../../../../src/data/tokenizer/tokenizer.ts';
import { evaluateTask } from '../../../../src/tasks/evaluation/downstream/evaluate-task.ts';
import { continuationsOf, promptOf } from '../../../../src/tasks/evaluation/downstream/prompts.ts';
import { encodeRequests } from '../../../../src/tasks/evaluation/downstream/requests.ts';
import { scoreRequests } from '../../../../src/tasks/evaluation/downstream/score-requests.ts';
import { readTaskFile } from '../../../../src/tasks/evaluation/downstream/task-file.ts';
import { TASKS, type TaskName } from '../../../../src/tasks/evaluation/downstream/task-items.ts';
import { evaluationSource } from '../../../../src/tasks/evaluation/evaluation-model.ts';

interface Reference {
  readonly shots: number;
  readonly context: number;
  readonly tasks: Readonly<
    Record<
      TaskName,
      {
        readonly metrics: Readonly<Record<string, number>>;
        readonly likelihoods: readonly (readonly (readonly [number, boolean])[])[];
      }
    >
  >;
}

const folder = join(packageRoot(), 'test', 'golden', 'evaluation');
const fileOf = (name: string) => join(folder, `${name}.jsonl`);
const references = JSON.parse(await readFile(join(folder, 'reference.json'), 'utf8')) as Reference[];
const tokenizer = await readTokenizer(join(folder, 'model', 'tokenizer.json'));
const source = await evaluationSource({
  folder: join(folder, 'model'),
  vocabulary: tokenizer.vocabularySize,
  threads: 1,
});

/** Largest difference of two log-likelihoods of up to a hundred nats, computed in float32. */
const TOLERANCE = 2e-4;

for (const { shots, context: positions, tasks } of references) {
  test(`metrics equal those of lm-evaluation-harness with ${shots} shots and ${positions} positions`, async () => {
    for (const task of TASKS) {
      const { truncated, ...report } = await evaluateTask(
        { task, path: fileOf(task), shots, shotPath: fileOf(`${task}-shots`) },
        { source, tokenizer, positions, batch: 5, limit: undefined, observe: () => undefined },
      );
      const { metrics } = tasks[task];
      assert.equal(report.acc, metrics['acc'], `${task}: acc`);
      if ('accNorm' in report) {
        assert.equal(report.accNorm, metrics['acc_norm'], `${task}: acc_norm`);
        assert.equal(report.accBytes, metrics['acc_bytes'], `${task}: acc_bytes`);
      } else {
        assert.ok(Math.abs(report.perplexity / metrics['perplexity']! - 1) < TOLERANCE, task);
      }
      assert.equal(truncated > 0, positions < 160, `${task}: ${truncated} requests were truncated`);
    }
  });

  test(`every log-likelihood equals that of lm-evaluation-harness with ${shots} shots and ${positions} positions`, async () => {
    for (const task of TASKS) {
      const [items, examples] = await Promise.all([
        readTaskFile(task, fileOf(task)),
        readTaskFile(task, fileOf(`${task}-shots`)),
      ]);
      const continuations = items.flatMap((item) =>
        continuationsOf(item, promptOf(item, { shots, examples })),
      );
      const requests = await encodeRequests(continuations, { tokenizer, prefix: [], positions });
      const padding = tokenizer.endOfText;
      const found = await scoreRequests(source, requests, {
        positions,
        batch: 5,
        padding,
        observe: () => undefined,
      });
      const expected = tasks[task].likelihoods.flat();
      assert.equal(found.length, expected.length);
      for (const [at, [logLikelihood, greedy]] of expected.entries()) {
        const difference = Math.abs(found[at]!.logLikelihood - logLikelihood);
        assert.ok(difference < TOLERANCE, `${task} ${at}: ${found[at]!.logLikelihood}, not ${logLikelihood}`);
        assert.equal(found[at]!.greedy, greedy, `${task} ${at}`);
      }
    }
  });
}

test('likelihoods depend neither on the batch size nor on the padding', async () => {
  const items = await readTaskFile('piqa', fileOf('piqa'));
  const continuations = items.flatMap((item) => continuationsOf(item, item.context));
  const requests = await encodeRequests(continuations, { tokenizer, prefix: [], positions: 160 });
  const score = (batch: number, padding: number) =>
    scoreRequests(source, requests, { positions: 160, batch, padding, observe: () => undefined });
  const [one, many, other] = [await score(1, 0), await score(7, 0), await score(7, 99)];
  assert.deepEqual(many, other);
  for (const [at, { logLikelihood }] of one.entries())
    assert.ok(Math.abs(logLikelihood - many[at]!.logLikelihood) < TOLERANCE);
});
