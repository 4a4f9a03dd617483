/**
 * Writes bits, least significant first: the first bit is bit 0 of byte 0. Writes at most 24 bits at
 * a time, so that all values stay 32-bit integers.
 */
export class BitWriter {
  #bytes: Uint8Array;
  #length = 0;
  #pending = 0;
  #used = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(Math.max(16, capacity));
  }

  /** Appends the low `width` bits (0 … 24) of value. Higher bits must be zero. */
  write(value: number, width: number): void {
    this.#pending |= value << this.#used;
    this.#used += width;
    if (this.#used < 8) return;
    if (this.#length + 4 > this.#bytes.length) this.#grow();
    do {
      this.#bytes[this.#length++] = this.#pending & 255;
      this.#pending >>>= 8;
      this.#used -= 8;
    } while (this.#used >= 8);
  }

  /** Returns all bytes, the last one zero-padded. The writer must not be used afterwards. */
  finish(): Uint8Array {
    if (this.#used > 0) {
      if (this.#length + 1 > this.#bytes.length) this.#grow();
      this.#bytes[this.#length++] = this.#pending & 255;
      this.#pending = 0;
      this.#used = 0;
    }
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** Reads the output of a BitWriter. Past the end it reads zeros, and `restIsZero` is false. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #limit: number;
  #position = 0;

  constructor(bytes: Uint8Array) {
    // Four spare bytes, because a read loads a whole word.
    this.#bytes = new Uint8Array(bytes.length + 4);
    this.#bytes.set(bytes);
    this.#limit = bytes.length * 8;
  }

  /** Returns the next `width` bits (0 … 24) without advancing. */
  peek(width: number): number {
    const at = this.#position >>> 3;
    const bytes = this.#bytes;
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    return (word >>> (this.#position & 7)) & ((1 << width) - 1);
  }

  skip(width: number): void {
    this.#position += width;
  }

  read(width: number): number {
    const value = this.peek(width);
    this.#position += width;
    return value;
  }

  /** Number of bytes read, including a partly read one. */
  get bytesRead(): number {
    return (this.#position + 7) >>> 3;
  }

  /** Whether nothing was read past the end and the rest is zeros. */
  get restIsZero(): boolean {
    const rest = this.#limit - this.#position;
    if (rest < 0 || this.peek(rest & 7) !== 0) return false;
    return this.#bytes.subarray((this.#position + 7) >>> 3).every((byte) => byte === 0);
  }
}
