/** A tokenizer that somebody else made, before it is used: in a process that may die of it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { within } from '../../base/deadline.ts';
import { BrineError } from '../../base/errors.ts';
import { readTokenizerJson } from './content.ts';
import { tokenizerFrom, tokenizerOrigin, type Tokenizer, type TokenizerOptions } from './tokenizer.ts';

export interface TrialOptions extends TokenizerOptions {
  /** How long the trial may take. Default 60,000 milliseconds. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a tokenizer.json after texts with long runs of one character were encoded by it in a
 * process of its own. Throws as readTokenizer, TOKENIZER_INVALID when that process died or took too
 * long, and CANCELLED.
 */
export async function readUntrustedTokenizer(path: string, options: TrialOptions = {}): Promise<Tokenizer> {
  const { deadlineMs = 60_000, signal } = options;
  const json = await readTokenizerJson(path);
  const origin = await tokenizerOrigin(path, options);
  const program = fileURLToPath(new URL('./tokenizer-trial-process.js', import.meta.url));
  const child = fork(program, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  const stop = (): boolean => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    let answered: { error?: string } | undefined;
    child.on('message', (answer: { error?: string }) => (answered = answer));
    child.send({ json, origin }, () => undefined);
    const late = () => invalid(path, `its texts were not encoded within ${deadlineMs / 1000} s`);
    const [code, killed] = (await within(once(child, 'exit'), deadlineMs, late)) as [
      number | null,
      string | null,
    ];
    if (signal?.aborted) {
      throw new BrineError('CANCELLED', 'the trial of the tokenizer was stopped', {
        hint: 'Start it again.',
      });
    }
    if (answered === undefined) throw invalid(path, `the tokenizer library died of it (${killed ?? code})`);
    const tokenizer = tokenizerFrom(json, origin);
    if (answered.error !== undefined) throw invalid(path, answered.error);
    return tokenizer;
  } finally {
    signal?.removeEventListener('abort', stop);
    if (child.exitCode === null) stop();
  }
}

function invalid(path: string, why: string): BrineError {
  return new BrineError('TOKENIZER_INVALID', `${path} cannot be used as a tokenizer: ${why}`, {
    hint: 'Look at its normalizer and its patterns, or leave it out to train one.',
  });
}
