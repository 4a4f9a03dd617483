/** Files of a corpus that are not read: counted by reason, the first few of each named. Nothing is left out silently. */
export interface LeftOutFile {
  /** The file, relative to the corpus. */
  readonly source: string;
  /** In a few words, the same for all files of a kind. */
  readonly reason: string;
}

export interface LeftOutSummary {
  /** All files, those not named included. */
  readonly total: number;
  readonly byReason: Readonly<Record<string, number>>;
  /** The first of each reason. */
  readonly first: readonly LeftOutFile[];
}

/** Counts every file and keeps the names of the first of each reason. */
export class LeftOut {
  readonly #byReason = new Map<string, string[]>();
  readonly #counts = new Map<string, number>();
  readonly #keep: number;

  constructor(keep = 20) {
    this.#keep = keep;
  }

  add({ source, reason }: LeftOutFile): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    const names = this.#byReason.get(reason) ?? [];
    if (names.length < this.#keep) names.push(source);
    this.#byReason.set(reason, names);
  }

  summary(): LeftOutSummary {
    const total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    const first = [...this.#byReason].flatMap(([reason, names]) =>
      names.map((source) => ({ source, reason })),
    );
    return { total, byReason: Object.fromEntries(this.#counts), first };
  }
}

/** Of two counts of different files. */
export function joinedSummaries(a: LeftOutSummary, b: LeftOutSummary | undefined): LeftOutSummary {
  if (!b) return a;
  const byReason = { ...a.byReason };
  for (const [reason, count] of Object.entries(b.byReason))
    byReason[reason] = (byReason[reason] ?? 0) + count;
  return { total: a.total + b.total, byReason, first: [...a.first, ...b.first] };
}

/** A copy that a report may hold. */
export function mutable({ total, byReason, first }: LeftOutSummary) {
  return { total, byReason: { ...byReason }, first: [...first] };
}

/** For people: a line with the count, and one for each reason with the first names: "  2 binary: a.png, b.png". "" when there are none. */
export function leftOutText({ total, byReason, first }: LeftOutSummary, names = 3): string {
  if (total === 0) return '';
  const parts = Object.entries(byReason).map(([reason, count]) => {
    const named = first.filter((file) => file.reason === reason).slice(0, names);
    const list = named.map(({ source }) => source).join(', ');
    return `\n  ${count} ${reason}: ${list}${count > named.length ? ', …' : ''}`;
  });
  return `${total} ${total === 1 ? 'file was' : 'files were'} left out:${parts.join('')}`;
}
