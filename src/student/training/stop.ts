/** Waiting for others when this process was asked to stop: they get a while longer, then the wait is given up. */
import { BrineError } from '../../base/errors.ts';

/**
 * The promise's outcome; but CANCELLED once `signal` is aborted and `graceMs` have passed without one. The promise's
 * later rejection is swallowed.
 */
export async function orStopped<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  graceMs: number,
): Promise<T> {
  if (!signal) return promise;
  promise.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  let abort!: () => void;
  const stopped = new Promise<never>((_, reject) => {
    abort = () => {
      timer = setTimeout(() => reject(cancelled(graceMs)), graceMs);
    };
  });
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

export function isCancelled(error: unknown): boolean {
  return error instanceof BrineError && error.code === 'CANCELLED';
}

function cancelled(graceMs: number): BrineError {
  return new BrineError('CANCELLED', `asked to stop, and nothing came for ${graceMs / 1000} s`, {
    hint: 'Resume from the checkpoint that was saved.',
  });
}
