export type Closer = () => void | Promise<void>;

export interface Closable {
  close(): void | Promise<void>;
}

/**
 * Closes registered resources in reverse order. Every closer runs even if one throws; the first error is rethrown
 * at the end.
 */
export class Scope implements Closable {
  readonly #closers: Closer[] = [];

  /** Registers a closer. */
  defer(closer: Closer): void {
    this.#closers.push(closer);
  }

  /** Registers a resource to close with the scope, and returns it. */
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

/** Runs `work` in a new scope and always closes the scope. */
export async function scoped<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = new Scope();
  try {
    return await work(scope);
  } finally {
    await scope.close();
  }
}
