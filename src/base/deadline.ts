import { handledLater } from './promises.ts';

/**
 * Settles as the promise does, or rejects with `onTimeout()` after `milliseconds`. The timer never outlives
 * the wait. A later rejection of the abandoned promise is ignored.
 */
export async function within<T>(
  promise: Promise<T>,
  milliseconds: number,
  onTimeout: () => Error,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  void handledLater(promise);
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(onTimeout()), milliseconds);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
