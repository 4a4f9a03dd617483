import { parameterSpecs, type ModelConfig } from '../../model/index.ts';
import { sizeOf } from '../../tensor/dtype.ts';

/** The model sizes that `brine init` chooses from, and what they cost. */
export interface Shape {
  readonly width: number;
  readonly layers: number;
}

/** From the smallest to the largest: width and depth grow together, as in published families of models. */
export const SHAPES: readonly Shape[] = [
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

/** A Llama architecture of a shape: heads of 32 or 64, one key and value head for two query heads. */
export function configOf({ width, layers }: Shape, vocabularySize: number, positions: number): ModelConfig {
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
 * Operations to train on one token: two a multiply-add, once forward and twice backward. Causal attention counts half, and a tied
 * head counts as a product of its own.
 */
export function trainingFlops(config: ModelConfig, positions: number): number {
  const { hiddenSize: d, headSize, heads, keyValueHeads, intermediateSize, layers, vocabularySize } = config;
  const projections = d * headSize * (2 * heads + 2 * keyValueHeads) + 3 * d * intermediateSize;
  return 6 * (layers * (projections + heads * headSize * positions) + d * vocabularySize);
}

/**
 * The share of the best matrix product that a training step reaches, by width: 0.5 at 128 and 0.8 at 512 on two cores
 * (`npm run -s bench -- step`). What the smaller and larger widths reach is estimated from these two.
 */
export function efficiency({ width }: Shape): number {
  return Math.min(0.8, 0.5 + 0.15 * Math.log2(width / 128));
}
