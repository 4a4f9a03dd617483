/** The gradients of a step, whose buckets move between this thread and the engine. */
import type { ProgramHost } from '../../engine/host.ts';
import type { Losses } from '../program/backward.ts';
import type { StageGradients } from '../program/gradient-pass.ts';
import type { StudentEngine } from '../program/program.ts';
import type { Buckets } from '../program/state.ts';
import { buffersOf, type BatchTargets } from './targets.ts';

/** One stage of the backward pass. The first stage has the losses. */
export type StagePass = Promise<StageGradients & Partial<Losses>>;

interface PassOptions {
  /** Stages of the backward pass. */
  readonly stages: number;
  /** See `BatchToPass`. */
  readonly measureParts: boolean;
}

export class Gradients {
  /** Gradients, and after the reduction their sums. */
  buckets: Buckets = [];

  /**
   * Starts the gradients of a batch: one promise for each stage of the backward pass. The engine
   * runs the stages in order.
   */
  start(
    host: ProgramHost<StudentEngine>,
    targets: BatchTargets,
    { stages, measureParts }: PassOptions,
  ): StagePass[] {
    const { buckets } = this;
    const first = host.call('gradients', { targets, buckets, measureParts }, [
      ...buffersOf(targets),
      ...buckets.map(({ buffer }) => buffer),
    ]);
    const later = Array.from({ length: stages - 1 }, (_, i) => host.call('moreGradients', { stage: i + 1 }));
    const passes: StagePass[] = [first, ...later];
    for (const pass of passes) pass.catch(() => undefined); // the step throws the first error
    return passes;
  }

  /** Takes the buckets back once the engine has released them, however the step ended. */
  async takeBack(passes: readonly StagePass[]): Promise<void> {
    const buckets: Buckets = [...this.buckets];
    for (const pass of await Promise.allSettled(passes)) {
      if (pass.status === 'fulfilled')
        pass.value.at.forEach((at, i) => (buckets[at] = pass.value.buckets[i]!));
    }
    this.buckets = buckets;
  }
}
