/** The word that was meant, among those that exist: the nearest by Damerau-Levenshtein distance, if any is near; letters alone count. */
export function nearestOf(word: string, known: readonly string[]): string | undefined {
  const wanted = plain(word);
  let best: string | undefined;
  let least = Math.max(1, Math.min(3, Math.floor(wanted.length * MOST_WRONG))) + 1;
  for (const one of known) {
    if (wanted.length <= SHORT && plain(one)[0] !== wanted[0]) continue;
    const wrong = distance(wanted, plain(one));
    if (wrong < least) [best, least] = [one, wrong];
  }
  return best;
}

/** " Did you mean X?", or "". */
export function didYouMean(word: string, known: readonly string[]): string {
  const nearest = nearestOf(word, known);
  return nearest === undefined ? '' : ` Did you mean ${nearest}?`;
}

/** Words of so few letters have others near that mean another thing: gpu and cpu. */
const SHORT = 4;
/** Share of a word's letters that may be wrong. */
const MOST_WRONG = 0.4;

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_\s]/g, '');
}

/** Insertions, deletions, substitutions and swaps of neighbours that lead from one word to another (optimal string alignment). */
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
