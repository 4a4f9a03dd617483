import type { EngineOptions, RunMemory } from './engine.ts';

/**
 * Chooses the memory that a session keeps between runs, from the bytes that one run of its graph
 * computes. Measured (docs/performance.md): with a plan, ONNX Runtime keeps the planned block
 * besides the arena of the first run, so a large graph needs up to twice its memory. A small graph
 * is 3% faster with a plan. `seldom` marks graphs that run rarely: memory that they keep is not
 * available to other sessions.
 */
export function runMemory(
  computedBytes: number,
  { device, seldom = false }: Pick<EngineOptions, 'device'> & { readonly seldom?: boolean },
): RunMemory {
  if (computedBytes < LARGE_BYTES || device === 'cuda') return 'planned'; // not measured on devices
  return seldom ? 'released' : 'kept';
}

/** Bytes that a run of a large graph computes. Not all of them exist at the same time. */
const LARGE_BYTES = 2 ** 31;
