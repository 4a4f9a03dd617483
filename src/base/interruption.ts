import { BrineError } from './errors.ts';

/** The error of work that a signal has ended: the reason of the signal where that is one. */
export function interruptionOf(signal: AbortSignal, what = 'the command'): BrineError {
  if (signal.reason instanceof BrineError) return signal.reason;
  return new BrineError('CANCELLED', `${what} was interrupted`, {
    hint: 'Start it again when you like: what was finished is kept.',
  });
}

/**
 * The work; or CANCELLED as soon as the signal is given, after `graceMs` in which the work may end by itself. The work goes on unheard: what it
 * opened must be closed by the caller, or end with the process.
 */
export async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  { what, graceMs = 0 }: { what?: string; graceMs?: number } = {},
): Promise<T> {
  if (!signal) return work;
  work.catch(() => undefined);
  let grace: NodeJS.Timeout | undefined;
  let listener = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const give = () => reject(interruptionOf(signal, what));
    listener = () => {
      if (graceMs === 0) give();
      else grace = setTimeout(give, graceMs);
    };
    if (signal.aborted) listener();
    else signal.addEventListener('abort', listener, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    clearTimeout(grace);
    signal.removeEventListener('abort', listener);
  }
}
