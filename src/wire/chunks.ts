/** A range of an item's bytes that travels as one frame. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** The chunks of an item of `size` bytes, in order, from byte `from` on. An empty item is one empty chunk. */
export function* chunksOf(size: number, chunkBytes: number, from = 0): Generator<ByteRange> {
  let offset = from;
  do {
    const length = Math.min(chunkBytes, size - offset);
    yield { offset, length };
    offset += length;
  } while (offset < size);
}
