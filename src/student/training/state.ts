/** What a student is made of between two steps: parameters and the optimizer's state; how it is written, copied and taken over. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { BrineError } from '../../base/errors.ts';
import { scoped } from '../../base/scope.ts';
import type { ModelConfig } from '../../model/index.ts';
import type { Optimizer } from '../../optim/index.ts';
import { ownedRange } from '../../ring/plan.ts';
import { viewOf, type FlatLayout } from '../../tensor/layout.ts';
import { openSafetensors } from '../../tensor/safetensors.ts';
import type { Place } from './batches.ts';
import { OPTIMIZER_FILE, writeStudentFiles, type StateShape } from '../program/student-files.ts';

export type Buckets = Float32Array<ArrayBuffer>[];

/** One bucket of one part of the optimizer's state. */
export interface StatePart {
  readonly part: string;
  readonly bucket: number;
}

export interface StudentStateParts {
  readonly config: ModelConfig;
  readonly layout: FlatLayout;
  readonly parameters: Buckets;
  readonly optimizer: Pick<Optimizer, 'state' | 'parts' | 'beginOf'>;
  /** Whose share of the optimizer's state it is, when it is one. */
  readonly shard?: Place | undefined;
}

export class StudentState {
  parameters: Buckets;
  readonly #parts: StudentStateParts;

  constructor(parts: StudentStateParts) {
    this.#parts = parts;
    this.parameters = parts.parameters;
  }

  /** The arrays themselves: parameters, then the optimizer's. */
  get arrays(): Buckets {
    return [...this.parameters, ...this.#parts.optimizer.state.values()] as Buckets;
  }

  /** What the arrays are; with a share, what they are once all shares are put together. */
  get shape(): StateShape {
    const { layout, optimizer, shard } = this.#parts;
    const parts = [...optimizer.parts.keys()];
    const shared = layout.tensors.flatMap(({ name }) => parts.map((part) => `${name}.${part}`));
    const names = shard ? [...shared, ...this.unshared.keys()] : [...optimizer.state.keys()];
    return { layout, names, parts };
  }

  /** What every rank has whole of the optimizer's state, although it is shared out. */
  get unshared(): Map<string, Float32Array> {
    const { state, beginOf } = this.#parts.optimizer;
    return new Map([...state].filter(([name]) => beginOf(name) === undefined));
  }

  /** A whole bucket, zeros but for this rank's share. */
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

  /** Throws SHAPE_MISMATCH when it is of another model or optimizer. */
  adopt(state: readonly Float32Array[]): void {
    const own = this.arrays;
    if (state.length !== own.length || own.some((array, at) => array.length !== state[at]!.length)) {
      throw new BrineError(
        'SHAPE_MISMATCH',
        `a state of ${state.length} arrays does not fit this student's ${own.length}`,
        { hint: 'Give every rank the same recipe and the same version of Brine.' },
      );
    }
    own.forEach((array, at) => array.set(state[at]!));
  }

  /** Throws TRAINING_DIVERGED, naming the first parameter or optimizer state that is no finite number. */
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
        hint: 'Lower the learning rate or lengthen the warm-up, and go on from the newest checkpoint.',
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
