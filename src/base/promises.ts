/** A promise with its resolvers. Its rejection may remain unhandled. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export function deferred<T = void>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise: handledLater(promise), resolve, reject };
}

/** Returns a promise whose error the caller handles later, or that another promise reports. */
export function handledLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Ends as the work does, whether it succeeds or not: for work whose failure harms nothing. */
export async function bestEffort(work: Promise<unknown>): Promise<void> {
  await orUndefined(work);
}

/** The value, or undefined when there is none to be had: for questions where every error means no. */
export function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch(() => undefined);
}
