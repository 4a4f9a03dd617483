import { BrineError } from './errors.ts';
import { handledLater } from './promises.ts';

/** The error of aborted work: the signal's reason if that is a BrineError, else CANCELLED. */
export function interruptionOf(signal: AbortSignal, what = 'the command'): BrineError {
  if (signal.reason instanceof BrineError) return signal.reason;
  return new BrineError('CANCELLED', `${what} was interrupted`, {
    hint: 'Run it again to continue: finished work is kept.',
  });
}

/**
 * Settles as `work` does, or rejects with CANCELLED `graceMs` after the signal aborts. The abandoned work
 * continues: the caller must close what it opened, or the process must exit.
 */
export async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  { what, graceMs = 0 }: { what?: string; graceMs?: number } = {},
): Promise<T> {
  if (!signal) return work;
  void handledLater(work);
  let grace: NodeJS.Timeout | undefined;
  let listener = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const abandon = () => reject(interruptionOf(signal, what));
    listener = () => {
      if (graceMs === 0) abandon();
      else grace = setTimeout(abandon, graceMs);
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
