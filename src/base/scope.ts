/**
 * Whoever opens closes. A scope remembers how to close what was opened in it and closes in reverse order, all of
 * it, even when one closer throws (the first error is rethrown at the end).
 */
export type Closer = () => void | Promise<void>;

export interface Closable {
  close(): void | Promise<void>;
}

export class Scope implements Closable {
  readonly #closers: Closer[] = [];

  /** Registers a closer; returns nothing. */
  defer(closer: Closer): void {
    this.#closers.push(closer);
  }

  /** Registers a resource to be closed with the scope and returns it. */
  use<T extends Closable>(resource: T): T {
    this.defer(() => resource.close());
    return resource;
  }

  async close(): Promise<void> {
    let failure: { error: unknown } | undefined;
    for (let closer = this.#closers.pop(); closer; closer = this.#closers.pop()) {
      try {
        await closer();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure) throw failure.error;
  }
}

/** Runs `work` in a fresh scope and closes the scope whatever happens. */
export async function scoped<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = new Scope();
  try {
    return await work(scope);
  } finally {
    await scope.close();
  }
}
