/** Tries an untrusted tokenizer in a separate process before it is used, since it may crash the process. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { within } from '../../base/deadline.ts';
import { entryPoint } from '../../base/entry-points.ts';
import { BrineError } from '../../base/errors.ts';
import { readTokenizerJson } from './content.ts';
import { tokenizerFrom, tokenizerOrigin, type Tokenizer, type TokenizerOptions } from './tokenizer.ts';

export interface TrialOptions extends TokenizerOptions {
  /** Time limit of the trial in milliseconds. Default 60,000. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a tokenizer.json after a trial process has encoded texts with long runs of one character.
 * Throws as readTokenizer, TOKENIZER_INVALID if that process died or took too long, and CANCELLED.
 */
export async function readUntrustedTokenizer(path: string, options: TrialOptions = {}): Promise<Tokenizer> {
  const { deadlineMs = 60_000, signal } = options;
  const json = await readTokenizerJson(path);
  const origin = await tokenizerOrigin(path, options);
  const program = fileURLToPath(entryPoint('tokenizer-trial'));
  const child = fork(program, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  const stop = (): boolean => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    let answered: { error?: string } | undefined;
    child.on('message', (answer: { error?: string }) => (answered = answer));
    child.send({ json, origin }, () => undefined);
    const late = () => invalid(path, `encoding the test texts took more than ${deadlineMs / 1000} s`);
    const [code, killed] = (await within(once(child, 'exit'), deadlineMs, late)) as [
      number | null,
      string | null,
    ];
    if (signal?.aborted) {
      throw new BrineError('CANCELLED', 'the trial of the tokenizer was stopped', {
        hint: 'Start it again.',
      });
    }
    if (answered === undefined) throw invalid(path, `it crashed the tokenizers library (${killed ?? code})`);
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
    hint: 'Check its normalizer and its patterns, or leave it out to train one.',
  });
}
