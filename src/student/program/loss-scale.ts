/**
 * Dynamic loss scaling for fp16 (Micikevicius et al., arXiv 1710.03740, section 3.2): gradients that would round to 0 in 16 bits are
 * multiplied by a power of two inside the training graph, and divided by it in float32 at the end.
 *
 * Where the gradient has overflowed, its sum over the ranks is no finite number on any of them: all hold the same bytes, on
 * which they have voted, so all skip the update of that step together and halve their scales.
 */
import { BrineError } from '../../base/errors.ts';
import type { Optimizer, Update } from '../../optim/index.ts';

/** The name of the scaler's array in the optimizer's state: the scale, good steps since it changed, skipped steps in all. */
export const SCALER = 'loss_scale';

const FIRST_SCALE = 2 ** 16;
const HIGHEST_SCALE = 2 ** 24;
/** Good steps after which the scale is doubled. */
export const GOOD_STEPS = 2000;

/** The scale of the next step, as an array of one number; undefined for an optimizer without a scaler. */
export function scaleOf(state: Optimizer['state']): Float32Array | undefined {
  return state.get(SCALER)?.slice(0, 1);
}

/**
 * The optimizer with a scaler, whose array is part of the state, so that checkpoints and newcomers have it. An update whose gradient is not
 * finite changes nothing but the scale and answers with the norm 0; skipped steps do not count for the optimizer, though they do
 * for the learning rate. Throws TRAINING_DIVERGED when the scale is 1 already: then the numbers themselves are at fault.
 */
export function scaledOptimizer(optimizer: Optimizer): Optimizer {
  const scaler = Float32Array.of(FIRST_SCALE, 0, 0);
  const update = async (argument: Update): Promise<{ gradientNorm: number }> => {
    const [scale = 1, good = 0, skipped = 0] = scaler;
    try {
      const updated = await optimizer.update({ ...argument, step: argument.step - skipped });
      const isRipe = good + 1 >= GOOD_STEPS;
      scaler.set([isRipe ? Math.min(2 * scale, HIGHEST_SCALE) : scale, isRipe ? 0 : good + 1]);
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
