export interface BenchOptions {
  readonly json: boolean;
  /** The key=value arguments. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Bench {
  /** Yields one record for each measurement. */
  readonly bench: (options: BenchOptions) => AsyncIterable<object>;
}
