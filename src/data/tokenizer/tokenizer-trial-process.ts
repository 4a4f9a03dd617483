/**
 * The process that tries a tokenizer, because the native library aborts its process on unexpected
 * input. Receives the text of a tokenizer.json and its origin, and answers {} after encoding every
 * text of the trial, or {error}.
 */
import { leaveSignalsToOwner } from '../../base/process/helper-signals.ts';
import { messageOf } from '../../base/errors.ts';
import { PIECE_SIZE } from '../corpus/document.ts';
import { tokenizerFrom, type TokenizerOrigin } from './tokenizer.ts';

/**
 * Strings that corpora repeat many times, such as spaces, and strings that make a pattern backtrack
 * through such a repetition.
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
