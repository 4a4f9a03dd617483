/**
 * Measures how much of the ring's time is hidden behind a backward pass that is cut into stages: two
 * ranks train, alternating between the whole and the cut backward pass, with and without the ring.
 * From the medians of a step's seconds:
 *   ring         = whole with the ring - whole without it
 *   hiddenShare  = 1 - (cut with the ring - cut without it) / ring
 *   stepOverhead = cut without the ring / whole without it - 1, the cost of cutting
 *   speedup      = whole with the ring / cut with the ring
 *
 *     npm run -s bench -- overlap --json
 */
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { median, round } from '../figures.ts';
import { numbersOf, type BenchOptions } from '../bench.ts';
import type { OverlapModel, OverlapQuestion } from './rank-process.ts';
import { flagsFrom, modelFrom, parametersMiB, startRanks } from './ranks.ts';
import { placesFrom, type Link, type Places } from '../ring/network.ts';

export interface OverlapFigures {
  readonly bench: 'overlap';
  readonly n: number;
  readonly link: Link;
  /** Set when each rank has its own cores. */
  readonly affinity?: 'cores';
  readonly width: number;
  readonly layers: number;
  /** Rows of a micro-batch of a rank. */
  readonly tokens: number;
  readonly microBatches: number;
  readonly stages: number;
  readonly parametersMiB: number;
  readonly stepSeconds: number;
  readonly ringSeconds: number;
  readonly hiddenShare: number;
  readonly stepOverhead: number;
  readonly speedup: number;
}

/** Settings: link=tcp,1gbit,1gbit-5ms stages=LAYERS+1 n=2 rounds=5 steps=3, and those of modelFrom, flagsFrom and placesFrom. */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<OverlapFigures> {
  const model = modelFrom(settings);
  const number = numbersOf(settings);
  const turns = { n: number('n', 2), rounds: number('rounds', 5), steps: number('steps', 3) };
  const flags = flagsFrom(settings);
  const places = placesFrom(settings);
  for (const link of (settings['link'] ?? 'tcp').split(',') as Link[]) {
    for (const stages of (settings['stages'] ?? `${model.config.layers + 1}`).split(',').map(Number)) {
      yield await scoped((scope) => measure({ model, stages, link, flags, ...places, ...turns }, scope));
    }
  }
}

interface Case extends Places {
  readonly model: OverlapModel;
  readonly stages: number;
  readonly link: Link;
  readonly n: number;
  readonly flags: readonly string[];
  readonly rounds: number;
  readonly steps: number;
}

async function measure({ stages, rounds, steps, ...options }: Case, scope: Scope): Promise<OverlapFigures> {
  const { model, link, n, affinity } = options;
  const { config, rows, positions, microBatches } = model;
  const ask = await startRanks(options, scope);
  const times = [1, stages].flatMap((parts) =>
    [false, true].map((ring) => ({ stages: parts, ring, sharded: false, seconds: [] as number[] })),
  );
  for (let turn = -1; turn < rounds; turn++) {
    for (const { seconds, ...question } of times) {
      const asked: OverlapQuestion = { ...question, steps: steps + 1 };
      const answers = await ask(asked);
      if (turn < 0) continue; // ONNX Runtime plans its memory in the first runs
      for (let step = 0; step < steps; step++)
        seconds.push(Math.max(...answers.map((answer) => answer.seconds[step]!)));
    }
  }
  const [whole, wholeRing, cut, cutRing] = times.map(({ seconds }) => median(seconds)) as [
    number,
    number,
    number,
    number,
  ];
  const ring = wholeRing - whole;
  return {
    bench: 'overlap',
    n,
    link,
    ...(affinity === 'cores' && { affinity }),
    width: config.hiddenSize,
    layers: config.layers,
    tokens: rows * positions,
    microBatches,
    stages,
    parametersMiB: round(parametersMiB(model), 1),
    stepSeconds: round(wholeRing, 3),
    ringSeconds: round(ring, 3),
    hiddenShare: round(1 - (cutRing - cut) / ring, 3),
    stepOverhead: round(cut / whole - 1, 3),
    speedup: round(wholeRing / cutRing, 3),
  };
}
