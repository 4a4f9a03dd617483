import type { EngineOptions, RunMemory } from './engine.ts';

/**
 * Which memory a session keeps between runs, by what one run of its graph computes. Measured (docs/performance.md): with a plan ONNX
 * Runtime holds one planned block beside the arena of the first run, so that a large graph takes up to twice its memory; a small one is
 * 3% faster with it. `seldom` is for graphs that run now and then: what they hold between runs is missing everywhere else.
 */
export function runMemory(
  computedBytes: number,
  { device, seldom = false }: Pick<EngineOptions, 'device'> & { readonly seldom?: boolean },
): RunMemory {
  if (computedBytes < LARGE_BYTES || device === 'cuda') return 'planned'; // on a device it was not measured
  return seldom ? 'released' : 'kept';
}

/** Of all that a run computes, although not all of it is there at once. */
const LARGE_BYTES = 2 ** 31;
