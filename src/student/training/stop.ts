/** A bounded wait for other ranks after a stop request. */
import { BrineError } from '../../base/errors.ts';

/**
 * Settles as the promise does, or rejects with CANCELLED `graceMs` after `signal` is aborted. A
 * later rejection of the promise is ignored.
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
  return new BrineError(
    'CANCELLED',
    `stop requested, and the other ranks did not answer within ${graceMs / 1000} s`,
    {
      hint: 'Resume from the checkpoint that was saved.',
    },
  );
}
