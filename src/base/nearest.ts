/**
 * The known word nearest to `word` by Damerau-Levenshtein distance, or undefined if none is near. Case, hyphens,
 * underscores and spaces do not count.
 */
export function nearestOf(word: string, known: readonly string[]): string | undefined {
  const wanted = plain(word);
  let best: string | undefined;
  let least = Math.max(1, Math.min(3, Math.floor(wanted.length * MAX_WRONG_SHARE))) + 1;
  for (const candidate of known) {
    if (wanted.length <= SHORT && plain(candidate)[0] !== wanted[0]) continue;
    const wrong = distance(wanted, plain(candidate));
    if (wrong < least) [best, least] = [candidate, wrong];
  }
  return best;
}

/** " Did you mean X?", or "" if no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const nearest = nearestOf(word, known);
  return nearest === undefined ? '' : ` Did you mean ${nearest}?`;
}

/** Words up to this length must share the first letter, since near words may mean something else (gpu, cpu). */
const SHORT = 4;
/** Share of a word's letters that may differ. */
const MAX_WRONG_SHARE = 0.4;

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_\s]/g, '');
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of adjacent letters. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    const above = rows[i - 1]!;
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, substituted);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
