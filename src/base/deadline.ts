/**
 * Every wait has a deadline. Resolves or rejects with the promise, or rejects with `onTimeout()` after
 * `milliseconds`. The timer never outlives the wait. The abandoned promise's later rejection is swallowed.
 */
export async function within<T>(
  promise: Promise<T>,
  milliseconds: number,
  onTimeout: () => Error,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  promise.catch(() => undefined);
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
