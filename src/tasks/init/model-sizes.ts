import { parameterSpecs, type ModelConfig } from '../../model/index.ts';
import { sizeOf } from '../../tensor/dtype.ts';

/** One of the model sizes that `brine init` chooses from. */
export interface ModelSize {
  readonly width: number;
  readonly layers: number;
}

/** Sizes in ascending order. Width and depth grow together, as in published model families. */
export const MODEL_SIZES: readonly ModelSize[] = [
  { width: 64, layers: 2 },
  { width: 96, layers: 3 },
  { width: 128, layers: 4 },
  { width: 192, layers: 6 },
  { width: 256, layers: 8 },
  { width: 384, layers: 10 },
  { width: 512, layers: 12 },
  { width: 768, layers: 12 },
  { width: 1024, layers: 24 },
  { width: 1536, layers: 24 },
  { width: 2048, layers: 24 },
];

/** Llama architecture of a shape: head size 32 or 64, one key-value head for two query heads. */
export function configOf(
  { width, layers }: ModelSize,
  vocabularySize: number,
  positions: number,
): ModelConfig {
  const headSize = width <= 256 ? 32 : 64;
  const heads = width / headSize;
  return {
    vocabularySize,
    hiddenSize: width,
    intermediateSize: Math.round((8 * width) / 3 / 16) * 16,
    layers,
    heads,
    keyValueHeads: heads % 2 === 0 ? heads / 2 : heads,
    headSize,
    maxPositions: Math.max(512, positions),
    ropeTheta: 10_000,
    normEpsilon: 1e-5,
    tieEmbeddings: true,
    initializerRange: 0.02,
  };
}

export function parameterCount(config: ModelConfig): number {
  return parameterSpecs(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/**
 * Floating-point operations to train on one token: two for each multiply-add, once forward and
 * twice backward. Causal attention counts half. A tied head counts as a separate product.
 */
export function trainingFlops(config: ModelConfig, positions: number): number {
  const { hiddenSize: d, headSize, heads, keyValueHeads, intermediateSize, layers, vocabularySize } = config;
  const projections = d * headSize * (2 * heads + 2 * keyValueHeads) + 3 * d * intermediateSize;
  return 6 * (layers * (projections + heads * headSize * positions) + d * vocabularySize);
}

/**
 * Speed of a training step as a share of the best matrix product, by width. Measured on two cores:
 * 0.5 at 128 and 0.8 at 512 (`npm run -s bench -- step`). Other widths are estimated from these
 * two.
 */
export function efficiency({ width }: ModelSize): number {
  return Math.min(0.8, 0.5 + 0.15 * Math.log2(width / 128));
}
