/**
 * Dynamic loss scaling for fp16 (Micikevicius et al., arXiv 1710.03740, section 3.2). Gradients
 * that would round to 0 in 16 bits are multiplied by a power of two inside the training graph, and
 * divided by it in float32 at the end.
 *
 * If a gradient overflows on one rank, the reduced gradient is not finite. Digest consensus
 * guarantees that it is identical on all ranks, so all of them skip the update of that step and
 * halve their scales.
 */
import { BrineError } from '../../base/errors.ts';
import type { Optimizer, Update } from '../../optim/index.ts';

/**
 * Name of the scaler's array in the optimizer state: the scale, good steps since its last change,
 * and the number of skipped steps.
 */
export const SCALER = 'loss_scale';

const FIRST_SCALE = 2 ** 16;
const HIGHEST_SCALE = 2 ** 24;
/** Good steps after which the scale is doubled. */
export const GOOD_STEPS = 2000;

/** The scale of the next step, as an array of one number. Undefined without a scaler. */
export function scaleOf(state: Optimizer['state']): Float32Array | undefined {
  return state.get(SCALER)?.slice(0, 1);
}

/**
 * Adds a scaler to an optimizer. Its array belongs to the optimizer state, so checkpoints and
 * joining ranks have it. An update with a non-finite gradient changes only the scale and returns
 * the norm 0. Skipped steps do not count for the optimizer, but the schedule still advances. Throws
 * TRAINING_DIVERGED if the scale is 1 already: then the numbers themselves are at fault.
 */
export function scaledOptimizer(optimizer: Optimizer): Optimizer {
  const scaler = Float32Array.of(FIRST_SCALE, 0, 0);
  const update = async (argument: Update): Promise<{ gradientNorm: number }> => {
    const [scale = 1, good = 0, skipped = 0] = scaler;
    try {
      const updated = await optimizer.update({ ...argument, step: argument.step - skipped });
      const doubles = good + 1 >= GOOD_STEPS;
      scaler.set([doubles ? Math.min(2 * scale, HIGHEST_SCALE) : scale, doubles ? 0 : good + 1]);
      return updated;
    } catch (error) {
      if (!(error instanceof BrineError) || error.code !== 'TRAINING_DIVERGED' || scale <= 1) throw error;
      scaler.set([scale / 2, 0, skipped + 1]);
      return { gradientNorm: 0 };
    }
  };
  return {
    ...optimizer,
    state: new Map([...optimizer.state, [SCALER, scaler]]),
    update,
    close: () => optimizer.close(),
  };
}
