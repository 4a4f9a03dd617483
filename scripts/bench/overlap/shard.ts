/**
 * Measures cost and savings of a sharded optimizer: seconds of a step and memory of a rank,
 * alternating between full state on every rank and shards, in separate processes.
 *
 *     npm run -s bench -- shard --json
 */
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { median, round } from '../figures.ts';
import { numbersOf, type BenchOptions } from '../bench.ts';
import { flagsFrom, modelFrom, parametersMiB, startRanks, type RanksOptions } from './ranks.ts';
import { placesFrom, type Link } from '../ring/network.ts';

export interface ShardFigures extends Record<string, unknown> {
  readonly bench: 'shard';
  readonly n: number;
  readonly link: Link;
  readonly parametersMiB: number;
  readonly wholeSeconds: number;
  readonly sharedSeconds: number;
  /** Memory of the largest rank. */
  readonly wholeMiB: number;
  readonly sharedMiB: number;
}

/** Settings: n=2,4 link=tcp rounds=5 steps=3, and those of modelFrom, flagsFrom and placesFrom. */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<ShardFigures> {
  const model = modelFrom(settings);
  const number = numbersOf(settings);
  const turns = { rounds: number('rounds', 5), steps: number('steps', 3) };
  const link = (settings['link'] ?? 'tcp') as Link;
  for (const n of (settings['n'] ?? '2,4').split(',').map(Number)) {
    yield await scoped((scope) =>
      measure({ model, link, n, flags: flagsFrom(settings), ...placesFrom(settings), ...turns }, scope),
    );
  }
}

async function measure(
  { rounds, steps, ...options }: RanksOptions & { rounds: number; steps: number },
  scope: Scope,
): Promise<ShardFigures> {
  const kinds = [];
  for (const sharded of [false, true])
    kinds.push({ sharded, ask: await startRanks(options, scope), seconds: [] as number[], miB: 0 });
  for (let turn = -1; turn < rounds; turn++) {
    for (const kind of kinds) {
      const answers = await kind.ask({ stages: 1, ring: true, sharded: kind.sharded, steps: steps + 1 });
      kind.miB = Math.max(...answers.map(({ residentMiB }) => residentMiB));
      if (turn < 0) continue;
      for (let step = 0; step < steps; step++)
        kind.seconds.push(Math.max(...answers.map((answer) => answer.seconds[step]!)));
    }
  }
  const [whole, shared] = kinds;
  return {
    bench: 'shard',
    n: options.n,
    link: options.link,
    parametersMiB: round(parametersMiB(options.model), 1),
    wholeSeconds: round(median(whole!.seconds), 3),
    sharedSeconds: round(median(shared!.seconds), 3),
    wholeMiB: Math.round(whole!.miB),
    sharedMiB: Math.round(shared!.miB),
  };
}
