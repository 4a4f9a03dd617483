export interface BenchOptions {
  readonly json: boolean;
  /** The key=value arguments. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Bench {
  /** Yields one record for each measurement. */
  readonly bench: (options: BenchOptions) => AsyncIterable<object>;
}

/** Returns a function that reads a numeric setting, with a default. */
export function numbersOf(settings: BenchOptions['settings']): (name: string, fallback: number) => number {
  return (name, fallback) => Number(settings[name] ?? fallback);
}
