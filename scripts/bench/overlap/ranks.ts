/** Ranks that train a small model together, for the benchmarks of overlap and of sharding. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scope } from '../../../src/base/scope.ts';
import { parameterSpecs } from '../../../src/model/index.ts';
import { RANK_FLAGS } from '../../../src/ring/place.ts';
import { sizeOf } from '../../../src/tensor/dtype.ts';
import { numbersOf, type BenchOptions } from '../bench.ts';
import type { OverlapAnswer, OverlapModel, OverlapQuestion } from './rank-process.ts';
import { startProcesses } from '../ring/group.ts';
import { openNetwork, type Link, type Places } from '../ring/network.ts';

export interface RanksOptions extends Places {
  readonly model: OverlapModel;
  readonly link: Link;
  readonly n: number;
  /** Arguments of Node. */
  readonly flags: readonly string[];
}

/** Settings: flags=none (default: the Node flags of ranks). */
export function flagsFrom({ flags }: BenchOptions['settings']): readonly string[] {
  return flags === 'none' ? [] : RANK_FLAGS;
}

/** Settings: width=256 layers=12 rows=8 positions=256 vocabulary=4096 micro=1 threads=1 */
export function modelFrom(settings: BenchOptions['settings']): OverlapModel {
  const number = numbersOf(settings);
  const width = number('width', 256);
  return {
    config: {
      vocabularySize: number('vocabulary', 4096),
      hiddenSize: width,
      intermediateSize: Math.round((width * 11) / 4),
      layers: number('layers', 12),
      heads: width / 64,
      keyValueHeads: width / 64,
      headSize: 64,
      maxPositions: number('positions', 256),
      ropeTheta: 10_000,
      normEpsilon: 1e-5,
      tieEmbeddings: true,
      initializerRange: 0.02,
    },
    rows: number('rows', 8),
    positions: number('positions', 256),
    microBatches: number('micro', 1),
    threads: number('threads', 1),
  };
}

export function parametersMiB({ config }: OverlapModel): number {
  return parameterSpecs(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0) / 2 ** 18;
}

/** Starts the ranks, which end with the scope. Returns a function that queries all of them. */
export async function startRanks(
  { model, n, flags, ...places }: RanksOptions,
  scope: Scope,
): Promise<(question: OverlapQuestion) => Promise<OverlapAnswer[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'brine-overlap-'));
  scope.defer(() => rmSync(folder, { recursive: true, force: true }));
  const network = await openNetwork({ ...places, ranks: n, folder, scope });
  const program = fileURLToPath(new URL('rank-process.js', import.meta.url));
  const commands = Array.from({ length: n }, (_, rank) => {
    const place = [`${rank}`, `${n}`, network.address('overlap', rank)];
    return [...network.inside(rank), process.execPath, ...flags, program, ...place, JSON.stringify(model)];
  });
  const ask = await startProcesses(commands, scope);
  return (question) => ask(question) as Promise<OverlapAnswer[]>;
}
