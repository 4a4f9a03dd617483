/**
 * Rotary position tables (Su et al., arXiv 2104.09864) in the rotate-half form of Hugging Face's
 * Llama.
 */
import { constant, type Graph, type RotaryInputs } from '../graph/index.ts';
import type { ModelConfig } from './config.ts';

/**
 * Tables of cosines and sines of position · frequency i for i < headSize / 2, and the position of each
 * row of x [N, 1, heads · headSize]. Rows are position-major: row t · batch + b.
 */
export function rotaryTables(
  graph: Graph,
  config: ModelConfig,
  { batch, positions }: { batch: number; positions: number },
): RotaryInputs {
  const half = config.headSize / 2;
  const frequencies = rotaryFrequencies(config);
  const angle = (at: number) => Math.floor(at / half) * frequencies[at % half]!;
  const table = (of: (angle: number) => number) =>
    constant(
      graph,
      'float32',
      [positions, half],
      Float32Array.from({ length: positions * half }, (_, at) => of(angle(at))),
    );
  const rows = Array.from({ length: batch * positions }, (_, row) => Math.floor(row / batch));
  return {
    positions: constant(graph, 'int64', [rows.length, 1], rows),
    cosines: table(Math.cos),
    sines: table(Math.sin),
  };
}

/** Radians per position: theta^(-2i / headSize) for i < headSize / 2, with the configured scaling. */
function rotaryFrequencies({
  headSize,
  ropeTheta,
  ropeScaling,
}: Pick<ModelConfig, 'headSize' | 'ropeTheta' | 'ropeScaling'>): number[] {
  const plain = Array.from({ length: headSize / 2 }, (_, i) => ropeTheta ** ((-2 * i) / headSize));
  if (ropeScaling === undefined) return plain;
  if (ropeScaling.kind === 'linear') return plain.map((frequency) => frequency / ropeScaling.factor);
  // As in _compute_llama3_parameters of transformers: long wavelengths are stretched, short ones
  // kept, others interpolated.
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalPositions } = ropeScaling;
  return plain.map((frequency) => {
    const turns = (originalPositions * frequency) / (2 * Math.PI); // within the original context
    if (turns < low) return frequency / factor;
    if (turns > high) return frequency;
    const kept = (turns - low) / (high - low);
    return (1 - kept) * (frequency / factor) + kept * frequency;
  });
}
