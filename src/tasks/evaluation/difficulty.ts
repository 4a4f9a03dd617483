/** Positions grouped by how hard they are for a reference model. */

/** The losses of both models in a group of positions. */
export interface GroupLoss {
  readonly tokens: number;
  /** Mean loss of the evaluated model, nats. */
  readonly loss: number;
  /** Mean loss of the reference model, nats. */
  readonly referenceLoss: number;
}

export interface Difficulty {
  /** The reference model's mean loss, nats. */
  readonly loss: number;
  /** Thirds of the positions by the reference model's loss, from the lowest. */
  readonly thirds: Readonly<Record<Third, GroupLoss>>;
  /** The positions by the reference model's entropy. Groups without positions are left out. */
  readonly byEntropy: readonly EntropyGroup[];
}

export type Third = 'easy' | 'medium' | 'hard';

export interface EntropyGroup extends GroupLoss {
  /** Entropy from this number of nats. */
  readonly from: number;
  /** Entropy below this number of nats; absent in the last group. */
  readonly to?: number;
}

/** Lower bounds of the entropy groups, nats. */
const ENTROPY_BOUNDS = [0, 1, 2, 3, 4, 5];

/** Collects the losses of both models at every position: 12 bytes a position. */
export class DifficultyCollector {
  #size = 0;
  #loss = new Float32Array(1024);
  #reference = new Float32Array(1024);
  #entropy = new Float32Array(1024);

  add(loss: number, reference: { readonly loss: number; readonly entropy: number }): void {
    if (this.#size === this.#loss.length) this.#grow();
    this.#loss[this.#size] = loss;
    this.#reference[this.#size] = reference.loss;
    this.#entropy[this.#size] = reference.entropy;
    this.#size += 1;
  }

  /** Equal losses are ordered by position, so that the sizes of two thirds differ by one at most. */
  difficulty(): Difficulty {
    const n = this.#size;
    const order = Uint32Array.from({ length: n }, (_, at) => at).toSorted(
      (a, b) => this.#reference[a]! - this.#reference[b]! || a - b,
    );
    const [first, second] = [Math.round(n / 3), Math.round((2 * n) / 3)];
    return {
      loss: this.#group(order).referenceLoss,
      thirds: {
        easy: this.#group(order.subarray(0, first)),
        medium: this.#group(order.subarray(first, second)),
        hard: this.#group(order.subarray(second)),
      },
      byEntropy: this.#byEntropy(order),
    };
  }

  #byEntropy(order: Uint32Array): EntropyGroup[] {
    return ENTROPY_BOUNDS.flatMap((from, at) => {
      const to = ENTROPY_BOUNDS[at + 1];
      // Rounding may leave the entropy of a certain prediction slightly below 0.
      const least = at === 0 ? -Infinity : from;
      const positions = order.filter(
        (position) => this.#entropy[position]! >= least && this.#entropy[position]! < (to ?? Infinity),
      );
      return positions.length === 0
        ? []
        : [{ from, ...(to !== undefined && { to }), ...this.#group(positions) }];
    });
  }

  #group(positions: Uint32Array): GroupLoss {
    const mean = (losses: Float32Array) =>
      positions.reduce((sum, position) => sum + losses[position]!, 0) / positions.length;
    return {
      tokens: positions.length,
      loss: mean(this.#loss),
      referenceLoss: mean(this.#reference),
    };
  }

  #grow(): void {
    const grown = (values: Float32Array<ArrayBuffer>) => {
      const more = new Float32Array(2 * values.length);
      more.set(values);
      return more;
    };
    this.#loss = grown(this.#loss);
    this.#reference = grown(this.#reference);
    this.#entropy = grown(this.#entropy);
  }
}
