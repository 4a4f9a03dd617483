import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promptOf } from '../../../../src/tasks/evaluation/downstream/prompts.ts';
import { encodeRequests } from '../../../../src/tasks/evaluation/downstream/requests.ts';
import { readTaskFile } from '../../../../src/tasks/evaluation/downstream/task-file.ts';
import { taskItem } from '../../../../src/tasks/evaluation/downstream/task-items.ts';
import { choiceMetrics } from '../../../../src/tasks/evaluation/downstream/task-metrics.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-tasks-'));
after(() => rm(folder, { recursive: true }));
const origin = { what: 'file.jsonl:1' };

test('both published forms of ARC give the same item', () => {
  const archive = {
    id: 'x',
    question: {
      stem: 'Which?',
      choices: [
        { text: 'one', label: 'A' },
        { text: 'two', label: 'B' },
      ],
    },
    answerKey: 'B',
  };
  const hub = {
    id: 'x',
    question: 'Which?',
    choices: { text: ['one', 'two'], label: ['A', 'B'] },
    answerKey: 'B',
  };
  const item = { context: 'Question: Which?\nAnswer:', choices: ['one', 'two'], answer: 1 };
  assert.deepEqual(taskItem('arc', archive, origin), item);
  assert.deepEqual(taskItem('arc', hub, origin), item);
});

test('a record of another form is refused with file, line and the fields of the dataset', () => {
  const damaged = { code: 'FILE_DAMAGED', message: /^file\.jsonl:1: / };
  assert.throws(() => taskItem('lambada', { content: 'x' }, origin), { ...damaged, hint: /text/ });
  assert.throws(() => taskItem('piqa', { goal: 'a', sol1: 'b', sol2: 'c' }, origin), damaged);
  const hub = { question: 'q', choices: { text: ['a'], label: ['A'] }, answerKey: 'C' };
  assert.throws(() => taskItem('arc', hub, origin), damaged);
});

test('the labels of PIQA come from the file beside the questions', async () => {
  const path = join(folder, 'valid.jsonl');
  const record = (goal: string) => JSON.stringify({ goal, sol1: 'x', sol2: 'y' });
  await writeFile(path, `${record('a')}\n\n${record('b')}\n`);
  await assert.rejects(readTaskFile('piqa', path), { code: 'FILE_DAMAGED' });
  await writeFile(join(folder, 'valid-labels.lst'), '1\n\n0\n');
  assert.deepEqual(
    (await readTaskFile('piqa', path)).map(({ answer }) => answer),
    [1, 0],
  );
});

test('solved examples are the first ones that differ from the question', () => {
  const item = (word: string) => ({ context: `The ${word} is`, choices: [` ${word}`], answer: 0 });
  const examples = ['a', 'b', 'c'].map(item);
  assert.equal(promptOf(item('a'), { shots: 2, examples }), 'The b is  b\n\nThe c is  c\n\nThe a is');
  assert.equal(promptOf(item('z'), { shots: 1, examples }), 'The a is  a\n\nThe z is');
  assert.throws(() => promptOf(item('a'), { shots: 3, examples }), { code: 'BAD_ARGUMENT' });
});

test('a context that is too long loses its beginning, and an answer never does', async () => {
  const tokenizer = {
    endOfText: 7,
    encodeBatch: (texts: readonly string[]) =>
      Promise.resolve(texts.map((text) => Uint32Array.from(Buffer.from(text)))),
  };
  const encode = (context: string, text: string, positions: number, prefix: number[] = []) =>
    encodeRequests([{ context, text }], { tokenizer, prefix, positions }).then(([request]) => request!);
  const text = ({ ids }: { ids: Uint32Array }) => Buffer.from(ids).toString();
  const whole = await encode('abcdef', ' gh', 8);
  assert.deepEqual([text(whole), whole.scored, whole.truncated], ['abcdef gh', 3, false]);
  const cut = await encode('abcdef', ' gh', 5);
  assert.deepEqual([text(cut), cut.scored, cut.truncated], ['def gh', 3, true]);
  assert.equal((await encode('abc  ', 'd', 8)).scored, 3, 'space after the context belongs to the answer');
  assert.deepEqual([...(await encode('', 'd', 8)).ids], [7, 100]);
  assert.deepEqual([...(await encode('', 'd', 8, [1])).ids], [1, 100]);
  await assert.rejects(encode('a', ' much too long', 5), { code: 'BAD_ARGUMENT', message: /14 tokens/ });
});

test('accuracies normalise by characters and by bytes', () => {
  const items = [{ context: '', choices: ['aaaa', 'éé'], answer: 1 }];
  const likelihoods = (...values: number[]) => [
    values.map((logLikelihood) => ({ logLikelihood, greedy: false })),
  ];
  // Per character -1 and -1.5, per byte -1 and -0.75.
  const { acc, accNorm, accBytes } = choiceMetrics(items, likelihoods(-4, -3));
  assert.deepEqual([acc, accNorm, accBytes], [1, 0, 1]);
});
