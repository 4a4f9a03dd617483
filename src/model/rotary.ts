/** Rotary position tables (Su et al., arXiv 2104.09864) in the rotate-half form of Hugging Face's Llama. */
import { constant, type Graph, type RotaryInputs } from '../graph/index.ts';
import type { ModelConfig } from './config.ts';

/**
 * Cosines and sines of position · theta^(-2i / headSize) for i < headSize / 2, and the position of each row of x
 * [N, 1, heads · headSize], whose rows are position-major: row t · batch + b.
 */
export function rotaryTables(
  graph: Graph,
  config: ModelConfig,
  { batch, positions }: { batch: number; positions: number },
): RotaryInputs {
  const half = config.headSize / 2;
  const angle = (at: number) =>
    Math.floor(at / half) * config.ropeTheta ** ((-2 * (at % half)) / config.headSize);
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
