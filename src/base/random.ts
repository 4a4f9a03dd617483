/**
 * Seeded, splittable random numbers. All randomness in Brine is a pure function of a seed and of a stream name, so
 * it is independent of call order, process layout and world size.
 */

/** MurmurHash3 (x86, 32 bit; Appleby, public domain) of 32-bit words. */
export function hash32(...words: number[]): number {
  let h = 0x9747b28c;
  for (const word of words) {
    let k = Math.imul(word | 0, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= Math.imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  h ^= words.length * 4;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** hash32 of a text's code points; used to name random streams. */
export function hashText(text: string): number {
  return hash32(...Array.from(text, (character) => character.codePointAt(0) ?? 0));
}

/** A counter-based random stream, identified by a seed and stream words; O(1) to split. */
export class Random {
  readonly #key: number;
  #counter = 0;

  constructor(seed: number, ...stream: number[]) {
    this.#key = hash32(seed, ...stream);
  }

  /** Uniform over 0 … 2^32-1. */
  uint32(): number {
    return hash32(this.#key, this.#counter++);
  }

  /** Uniform over [0, 1), 53 bits. */
  float(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** Uniform over 0 … limit-1 (limit at most 2^32; the bias is below limit / 2^53). */
  integer(limit: number): number {
    return Math.floor(this.float() * limit);
  }

  /** Standard normal, by the Box-Muller transform. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.float())) * Math.cos(2 * Math.PI * this.float());
  }
}

/**
 * A pseudo-random permutation of 0 … size-1 with O(1) lookup and no table: a four-round Feistel network over the
 * next power of four, with cycle walking (Black and Rogaway, 2002).
 */
export class Permutation {
  readonly #size: number;
  readonly #half: number;
  readonly #mask: number;
  readonly #keys: number[];

  /** `size` is at most 2^32. */
  constructor(size: number, seed: number, ...stream: number[]) {
    this.#size = size;
    let bits = 2;
    while (2 ** bits < size) bits += 2;
    this.#half = bits / 2;
    this.#mask = 2 ** this.#half - 1;
    this.#keys = [0, 1, 2, 3].map((round) => hash32(seed, ...stream, round));
  }

  /** The image of `index` (0 … size-1). */
  at(index: number): number {
    let value = index;
    do {
      let left = Math.floor(value / (this.#mask + 1));
      let right = value & this.#mask;
      for (const key of this.#keys) {
        [left, right] = [right, (left ^ hash32(key, right)) & this.#mask];
      }
      value = left * (this.#mask + 1) + right;
    } while (value >= this.#size);
    return value;
  }
}
