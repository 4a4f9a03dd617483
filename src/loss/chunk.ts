/** Chunks of rows, which bound the memory of logits over a large vocabulary. */

export const CHUNK_ELEMENTS = 2 ** 24; // 64 MiB of logits

/**
 * Row counts of nearly equal chunks. Each chunk has at most `elements` logits, but at least one
 * row.
 */
export function chunkSizes(rows: number, vocabulary: number, elements: number): number[] {
  const most = Math.max(1, Math.floor(elements / vocabulary));
  const chunks = Math.max(1, Math.ceil(rows / most));
  return Array.from(
    { length: chunks },
    (_, at) => Math.floor(((at + 1) * rows) / chunks) - Math.floor((at * rows) / chunks),
  );
}
