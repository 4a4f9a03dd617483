/**
 * A student's state between two steps, parameters and optimizer state: writing, copying and
 * adopting it.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { BrineError } from '../../base/errors.ts';
import { scoped } from '../../base/scope.ts';
import type { ModelConfig } from '../../model/index.ts';
import type { Optimizer } from '../../optim/index.ts';
import { ownedRange } from '../../ring/plan.ts';
import { viewOf, type FlatLayout } from '../../tensor/layout.ts';
import { openSafetensors } from '../../tensor/safetensors.ts';
import type { Place } from './step-shape.ts';
import { OPTIMIZER_FILE, writeStudentFiles, type StateShape } from './student-files.ts';

export type Buckets = Float32Array<ArrayBuffer>[];

/** One bucket of one part of the optimizer state. */
export interface StatePart {
  readonly part: string;
  readonly bucket: number;
}

interface StudentStateParts {
  readonly config: ModelConfig;
  readonly layout: FlatLayout;
  readonly parameters: Buckets;
  readonly optimizer: Pick<Optimizer, 'state' | 'parts' | 'beginOf'>;
  /** The place whose share of the optimizer state this is; undefined for the whole state. */
  readonly shard?: Place | undefined;
}

export class StudentState {
  parameters: Buckets;
  readonly #parts: StudentStateParts;

  constructor(parts: StudentStateParts) {
    this.#parts = parts;
    this.parameters = parts.parameters;
  }

  /** The live arrays: parameters, then optimizer state. */
  get arrays(): Buckets {
    return [...this.parameters, ...this.#parts.optimizer.state.values()] as Buckets;
  }

  /** Layout and names of the arrays; for a share, those of the whole state. */
  get shape(): StateShape {
    const { layout, optimizer, shard } = this.#parts;
    const parts = [...optimizer.parts.keys()];
    const shared = layout.tensors.flatMap(({ name }) => parts.map((part) => `${name}.${part}`));
    const names = shard ? [...shared, ...this.unshared.keys()] : [...optimizer.state.keys()];
    return { layout, names, parts };
  }

  /** Arrays of the optimizer state that every rank keeps whole, although the rest is sharded. */
  get unshared(): Map<string, Float32Array> {
    const { state, beginOf } = this.#parts.optimizer;
    return new Map([...state].filter(([name]) => beginOf(name) === undefined));
  }

  /** A whole bucket: this rank's share, and zeros elsewhere. */
  share({ part, bucket }: StatePart): Float32Array<ArrayBuffer> {
    const { layout, optimizer, shard } = this.#parts;
    const elements = layout.buckets[bucket]!;
    const whole = new Float32Array(elements);
    const [begin] = ownedRange(elements, shard!.rank, shard!.ranks);
    whole.set(optimizer.parts.get(part)![bucket]!, begin);
    return whole;
  }

  /** Throws FILE_UNWRITABLE. */
  async write(folder: string, endOfText: number | undefined): Promise<void> {
    const { config, layout, optimizer } = this.#parts;
    const { parameters } = this;
    await writeStudentFiles(folder, { config, layout, parameters, optimizer: optimizer.state, endOfText });
  }

  /** Throws FILE_MISSING, FILE_DAMAGED, SHAPE_MISMATCH. */
  async read(folder: string): Promise<void> {
    const { layout, optimizer } = this.#parts;
    await scoped(async (scope) => {
      const weights = scope.use(await openSafetensors(join(folder, 'model.safetensors')));
      const state = scope.use(await openSafetensors(join(folder, OPTIMIZER_FILE)));
      for (const tensor of layout.tensors) {
        await weights.readFloat32(tensor.name, viewOf(tensor, this.parameters));
      }
      for (const [name, data] of optimizer.state) {
        await state.readFloat32(name, data, optimizer.beginOf(name));
      }
    });
  }

  /**
   * Copies another rank's state into this one. Throws SHAPE_MISMATCH if its arrays differ in number
   * or length.
   */
  adopt(state: readonly Float32Array[]): void {
    const own = this.arrays;
    if (state.length !== own.length || own.some((array, at) => array.length !== state[at]!.length)) {
      throw new BrineError(
        'SHAPE_MISMATCH',
        `the received state of ${state.length} arrays does not fit this student's state of ${own.length} arrays`,
        { hint: 'Give every rank the same recipe and the same version of Brine.' },
      );
    }
    own.forEach((array, at) => array.set(state[at]!));
  }

  /**
   * Throws TRAINING_DIVERGED, naming the first non-finite element of parameters and optimizer
   * state.
   */
  requireFinite(): void {
    const { layout, optimizer } = this.#parts;
    const parameters = layout.tensors.map(
      (tensor) => [tensor.name, viewOf(tensor, this.parameters)] as const,
    );
    for (const [name, values] of [...parameters, ...optimizer.state]) {
      let at = 0;
      while (at < values.length && Number.isFinite(values[at])) at += 1;
      if (at === values.length) continue;
      throw new BrineError('TRAINING_DIVERGED', `${name} is ${values[at]} at element ${at}`, {
        hint: 'Lower the learning rate or lengthen the warm-up, in a new run folder.',
      });
    }
  }

  /** SHA-256 of all parameters. */
  hash(): string {
    const hash = createHash('sha256');
    for (const bucket of this.parameters) hash.update(bucket);
    return hash.digest('hex');
  }
}
