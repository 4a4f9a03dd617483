export interface SoakOptions {
  /** The value of each --name. */
  readonly settings: Readonly<Record<string, string>>;
  /** Reports progress to a person. */
  readonly observe: (text: string) => void;
}

export interface Soak {
  /** Breaks a real system at random, from a seed. Resolves to the record to print, and whether nothing was lost. */
  readonly soak: (options: SoakOptions) => Promise<{ record: Record<string, unknown>; passed: boolean }>;
}
