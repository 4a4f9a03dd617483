import { BrineError, type ErrorCode } from '../base/errors.ts';
import { Random } from '../base/random.ts';
import type { LabelStore } from '../labels/store/store.ts';

/** A faulty record. */
export interface VerifyFault {
  readonly folder: string;
  readonly row: number;
  readonly code: ErrorCode;
  readonly message: string;
}

const FIRST_FAULTS = 20;

/** Collects the faults of a verification. */
export class VerifyFaults {
  /** The first 20 faults, including a LABEL_CONFLICT if there is one. */
  readonly first: VerifyFault[] = [];
  /** Rows whose own record is faulty, by folder. */
  readonly deletable = new Map<string, number[]>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Runs `check` and returns whether it threw. Notes errors of labels, and rethrows others. */
  watch(folder: string, row: number, check: () => void): boolean {
    try {
      check();
      return false;
    } catch (error) {
      if (!(error instanceof BrineError) || !error.code.startsWith('LABEL_')) throw error;
      this.note({ folder, row, code: error.code, message: error.message });
      return true;
    }
  }

  note(fault: VerifyFault): void {
    const { folder, row, code } = fault;
    this.#count += 1;
    if (this.first.length < FIRST_FAULTS) this.first.push(fault);
    else if (code === 'LABEL_CONFLICT' && this.first.every((other) => other.code !== code))
      this.first[FIRST_FAULTS - 1] = fault;
    if (code === 'LABEL_CONFLICT') return;
    const rows = this.deletable.get(folder) ?? [];
    rows.push(row);
    this.deletable.set(folder, rows);
  }
}

/** A row to draw again. */
export interface SampledRow {
  readonly folder: string;
  readonly store: LabelStore;
  readonly row: number;
}

/** A uniform random sample of the offered rows (Vitter's algorithm R, 1985). */
export class Sample {
  readonly kept: SampledRow[] = [];
  readonly #size: number;
  readonly #random: Random;
  #offered = 0;

  constructor(size: number, seed: number) {
    this.#size = size;
    this.#random = new Random(seed);
  }

  offer(row: SampledRow): void {
    this.#offered += 1;
    if (this.kept.length < this.#size) {
      this.kept.push(row);
      return;
    }
    const place = this.#random.integer(this.#offered);
    if (place < this.#size) this.kept[place] = row;
  }
}
