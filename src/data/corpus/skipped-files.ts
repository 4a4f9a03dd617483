/** Files of a corpus that are not read, counted by reason, with the first names of each reason. */
export interface SkippedFile {
  /** File path relative to the corpus. */
  readonly source: string;
  /** A few words, identical for all files of a kind. */
  readonly reason: string;
}

export interface SkippedSummary {
  /** Number of all skipped files, including those not in `first`. */
  readonly total: number;
  readonly byReason: Readonly<Record<string, number>>;
  /** The first files of each reason. */
  readonly first: readonly SkippedFile[];
}

/** Counts skipped files and keeps the first names of each reason. */
export class SkippedFiles {
  readonly #byReason = new Map<string, string[]>();
  readonly #counts = new Map<string, number>();
  readonly #keep: number;

  constructor(keep = 20) {
    this.#keep = keep;
  }

  add({ source, reason }: SkippedFile): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    const names = this.#byReason.get(reason) ?? [];
    if (names.length < this.#keep) names.push(source);
    this.#byReason.set(reason, names);
  }

  summary(): SkippedSummary {
    const total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    const first = [...this.#byReason].flatMap(([reason, names]) =>
      names.map((source) => ({ source, reason })),
    );
    return { total, byReason: Object.fromEntries(this.#counts), first };
  }
}

/** Adds the summaries of two disjoint sets of files. */
export function joinedSummaries(a: SkippedSummary, b: SkippedSummary | undefined): SkippedSummary {
  if (!b) return a;
  const byReason = { ...a.byReason };
  for (const [reason, count] of Object.entries(b.byReason))
    byReason[reason] = (byReason[reason] ?? 0) + count;
  return { total: a.total + b.total, byReason, first: [...a.first, ...b.first] };
}

/** Mutable copy for a report. */
export function mutable({ total, byReason, first }: SkippedSummary) {
  return { total, byReason: { ...byReason }, first: [...first] };
}

/**
 * Text for the terminal: a line with the count, and a line for each reason with the first names, such
 * as "  2 binary: a.png, b.png". Empty if no file was skipped.
 */
export function skippedText({ total, byReason, first }: SkippedSummary, names = 3): string {
  if (total === 0) return '';
  const parts = Object.entries(byReason).map(([reason, count]) => {
    const named = first.filter((file) => file.reason === reason).slice(0, names);
    const list = named.map(({ source }) => source).join(', ');
    return `\n  ${count} ${reason}: ${list}${count > named.length ? ', …' : ''}`;
  });
  return `${total} ${total === 1 ? 'file was' : 'files were'} skipped:${parts.join('')}`;
}
