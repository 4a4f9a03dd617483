/** Errors about unknown commands, keys and values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrineError } from '../../src/base/errors.ts';
import { nearestOf } from '../../src/base/nearest.ts';
import { failureOf } from '../../src/cli/failure.ts';
import { roleCommand } from '../../src/cli/commands/role.ts';
import { COMMANDS } from '../../src/cli/programs/commands.ts';
import { buildProgram } from '../../src/cli/programs/program.ts';
import { unwritable } from '../../src/base/files/files.ts';
import { resolveRecipe } from '../../src/recipe/recipe.ts';
import { sourceOf } from '../../src/recipe/recipe-source.ts';
import { commandContext } from './command-context.ts';

/** The answer of a command whose output is not shown. */
async function failure(...words: string[]) {
  const streams = { out: { write: () => undefined }, err: { write: () => undefined }, now: () => 0 };
  const context = commandContext(streams);
  try {
    await buildProgram(context, '0', [...COMMANDS, roleCommand]).parseAsync(words, { from: 'user' });
  } catch (error) {
    return failureOf(error);
  }
  return assert.fail(`brine ${words.join(' ')} did not fail`);
}

test('an unknown command, option or value fails with the nearest match, an example and code 2', async () => {
  const answers = [
    [['trian'], /^unknown command 'trian'\. Did you mean train\?$/, /brine --help/],
    [['cache', 'sttas'], /^unknown command 'sttas'\. Did you mean stats\?$/, /brine cache --help/],
    [
      ['train', 'r', '--sett', 'a=1'],
      /^unknown option '--sett'\. Did you mean --set\?$/,
      /brine train cluster\//,
    ],
    [['doctor', '--device', 'cdua'], /choices are cpu, cuda\. Did you mean cuda\?$/, /brine doctor --device/],
    [['doctor', '--device', 'gpu'], /choices are cpu, cuda\.$/, /brine doctor --device/],
    [['train'], /^missing required argument 'recipe'$/, /brine train cluster\//],
    [['cache'], /^brine cache requires a subcommand$/, /brine cache --help/],
    [['status'], /^brine status: give the run folder or --coordinator$/, /brine status runs\//],
    [['teacher', '--run', 'a', '--cache', 'b'], /exclude one another/, /brine teacher --run/],
    [
      ['role', 'techer', '--rank', '0', '--run', 'r', '--coordinator', 'c'],
      /Did you mean teacher\?$/,
      /cache, teacher/,
    ],
  ] as const;
  for (const [words, message, hint] of answers) {
    const answer = await failure(...words);
    assert.deepEqual([answer?.code, answer?.exitCode], ['BAD_ARGUMENT', 2], words.join(' '));
    assert.match(answer?.message ?? '', message);
    assert.match(answer?.hint ?? '', hint);
  }
});

function recipeFault(...sets: string[]): BrineError {
  try {
    resolveRecipe(sourceOf({}, { assignments: sets }));
  } catch (error) {
    assert.ok(error instanceof BrineError);
    return error;
  }
  return assert.fail(`${sets.join(' ')} is no fault`);
}

test('an unknown recipe key fails with the nearest key or its block', () => {
  const { message } = recipeFault('btach.rows=2');
  assert.match(message, /^--set btach\.rows: unknown key btach; known here: run, .+\. Did you mean batch\?$/);
  assert.match(recipeFault('plan=[{ distill: 4 }]').message, /Did you mean distil\?/);
  assert.match(
    recipeFault('rate=1').message,
    /Did you mean optimizer\.adamw\.rate or optimizer\.adafactor\.rate\?/,
  );
  assert.match(recipeFault('colour=red').message, /unknown key colour; known here: [^.]+$/);
  assert.match(
    recipeFault('batch.learningRate=1').message,
    /unknown key learningRate; known here: rows, [^.]+$/,
  );
});

test('a value of the wrong type fails with the expected and the given value', () => {
  const rule = recipeFault('labels.rule=sampeld').message;
  assert.equal(
    rule,
    '--set labels.rule: labels.rule: expected "sampled"|"topk"|"dense", got "sampeld". Did you mean sampled?',
  );
  const rows = recipeFault('batch.rows=many');
  assert.equal(rows.message, '--set batch.rows: batch.rows: expected number, got "many"');
  assert.equal(rows.hint, 'Correct batch.rows, such as rows: 16.');
});

test('nearest matches swapped letters, other cases and dashes, but not other words', () => {
  const known = ['batch', 'checkpoint', 'evaluate', 'microBatches', 'run', 'cpu'];
  const words = ['btach', 'chekpoint', 'micro-batches', 'MICROBATCHES', 'rnu', 'gpu', 'selection', ''];
  assert.deepEqual(
    words.map((word) => nearestOf(word, known)),
    ['batch', 'checkpoint', 'microBatches', 'microBatches', 'run', undefined, undefined, undefined],
  );
});

test('file system errors are not repeated in a message', () => {
  const cause = new Error("EACCES: permission denied, mkdir 'runs/a'");
  assert.equal(unwritable('runs/a', cause).message, 'cannot write runs/a: EACCES: permission denied');
  const renamed = new Error("EXDEV: cross-device link, rename 'runs/.a.0f.tmp' -> 'runs/a'");
  assert.equal(unwritable('runs/a', renamed).message, 'cannot write runs/a: EXDEV: cross-device link');
  const other = new Error("EACCES: permission denied, scandir 'texts/secret'");
  const message = `cannot read the corpus texts: ${other.message}`;
  assert.equal(
    new BrineError('CORPUS_MISSING', message, { hint: '' }).message,
    message,
    'the other path is news',
  );
});
