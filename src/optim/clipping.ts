/**
 * Clipping by the global norm (Pascanu et al., arXiv 1211.5063), with PyTorch's 1e-6 in the
 * divisor.
 */
import { BrineError } from '../base/errors.ts';
import { Graph, reduceSumSquare } from '../graph/index.ts';
import type { SessionCache } from './sessions.ts';
import type { Slice } from './slices.ts';
import { vector, type Update } from './optimizer.ts';

/** Graph with input `gradient` [size] and output `squares`, Σ gradient². */
function squaresGraph(size: number): Graph {
  const graph = new Graph('sum-of-squares');
  graph.output('squares', reduceSumSquare(graph.input('gradient', 'float32', [size])));
  return graph;
}

export interface SquareParts {
  readonly slices: readonly Slice[];
  readonly sessions: SessionCache;
}

/** Σ gradient² over the slices. */
export async function squaresOf(
  gradients: readonly Float32Array[],
  { slices, sessions }: SquareParts,
): Promise<number> {
  let squares = 0;
  for (const { bucket, offset, length } of slices) {
    const session = await sessions.get(`squares ${length}`, () => squaresGraph(length));
    const gradient = gradients[bucket]!.subarray(offset, offset + length);
    const result = await session.run({ gradient: vector(gradient) }, { squares: null });
    squares += Number(result['squares']!.data[0]);
  }
  return squares;
}

/**
 * Global norm of the scaled gradients, and the factor for the raw gradients. Throws TRAINING_DIVERGED
 * if the norm is not finite.
 */
export async function clipping(
  { gradients, gradientScale = 1, step, squares }: Update,
  { clip, ...parts }: SquareParts & { clip: number },
): Promise<{ gradientNorm: number; factor: number }> {
  const gradientNorm = gradientScale * Math.sqrt(squares ?? (await squaresOf(gradients, parts)));
  if (!Number.isFinite(gradientNorm)) {
    throw new BrineError('TRAINING_DIVERGED', `the gradient norm at step ${step + 1} is ${gradientNorm}`, {
      hint: 'Lower the learning rate or lengthen the warm-up, in a new run folder.',
    });
  }
  return { gradientNorm, factor: gradientScale * Math.min(1, clip / (gradientNorm + 1e-6)) };
}
