/**
 * A process of its own that tries a tokenizer: the native library ends the whole process where it
 * meets what it did not expect. Takes one message, the text of a tokenizer.json and where it is
 * from, and answers {} when it has encoded every text of the trial, or {error}.
 */
import { leaveSignalsToOwner } from '../../base/process/helper-signals.ts';
import { messageOf } from '../../base/errors.ts';
import { PIECE_SIZE } from '../corpus/document.ts';
import { tokenizerFrom, type TokenizerOrigin } from './tokenizer.ts';

/**
 * What corpora have long runs of, and what makes a pattern that has taken all of a run give it back
 * piece by piece.
 */
const RUNS = [
  'a',
  'A',
  'é',
  '漢',
  '\u{1f600}',
  '7',
  ' ',
  '\n',
  '\t',
  '.',
  'ab',
  'aB1 ',
  "n't ",
  '\u0301',
  '\0',
];

leaveSignalsToOwner();
process.once('message', ({ json, origin }: { json: string; origin: TokenizerOrigin }) => {
  void tried(json, origin).then((answer) => process.send?.(answer, () => process.disconnect()));
});

async function tried(json: string, origin: TokenizerOrigin): Promise<{ error?: string }> {
  try {
    const tokenizer = tokenizerFrom(json, origin);
    const runs = RUNS.map((part) => part.repeat(PIECE_SIZE / part.length));
    const texts = ['', ...RUNS, ...runs, ...runs.map((run) => `${run}!`), RUNS.join('').repeat(100)];
    await tokenizer.encodeBatch(texts);
    await tokenizer.decode(await tokenizer.encode(RUNS.join(' ')));
    return {};
  } catch (error) {
    return { error: messageOf(error) };
  }
}
