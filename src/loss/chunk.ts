/** Logits over a large vocabulary are made in chunks of rows, so that memory stays bounded. */

export const CHUNK_ELEMENTS = 2 ** 24; // 64 MiB of logits

/** Row counts of the chunks: as equal as they can be, each with at most `elements` logits (but one row at least). */
export function chunkSizes(rows: number, vocabulary: number, elements: number): number[] {
  const most = Math.max(1, Math.floor(elements / vocabulary));
  const chunks = Math.max(1, Math.ceil(rows / most));
  return Array.from(
    { length: chunks },
    (_, at) => Math.floor(((at + 1) * rows) / chunks) - Math.floor((at * rows) / chunks),
  );
}
