/**
 * How much of the ring's time is hidden behind the backward pass when that is cut into stages: two ranks that train, in turns with the
 * whole and the cut backward pass, with the ring and without it. With the medians of a step's seconds
 *   ring         = whole with the ring - whole without it
 *   hiddenShare  = 1 - (cut with the ring - cut without it) / ring
 *   stepOverhead = cut without the ring / whole without it - 1, what cutting costs by itself
 *   speedup      = whole with the ring / cut with the ring
 *
 *     npm run -s bench -- overlap --json
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scoped, type Scope } from '../../src/base/scope.ts';
import { parameterSpecs } from '../../src/model/index.ts';
import { sizeOf } from '../../src/tensor/dtype.ts';
import { median, round } from './bench-figures.ts';
import type { BenchOptions } from './main.ts';
import type { OverlapAnswer, OverlapModel, OverlapQuestion } from './overlap-process.ts';
import { startProcesses } from './ring-group.ts';
import { openNetwork, type DelayBy, type Link } from './ring-network.ts';

export interface OverlapFigures {
  readonly bench: 'overlap';
  readonly n: number;
  readonly link: Link;
  readonly width: number;
  readonly layers: number;
  /** Of a micro-batch of a rank. */
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

/**
 * Settings: link=tcp,1gbit,1gbit-5ms delay=netem|line width=256 layers=6 rows=8 positions=256 vocabulary=4096 micro=1 stages=6 threads=1
 * n=2 rounds=5 steps=3
 */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<OverlapFigures> {
  const number = (name: string, usual: number) => Number(settings[name] ?? usual);
  const [width, layers] = [number('width', 256), number('layers', 6)];
  const model = {
    config: {
      vocabularySize: number('vocabulary', 4096),
      hiddenSize: width,
      intermediateSize: Math.round((width * 11) / 4),
      layers,
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
  const turns = { n: number('n', 2), rounds: number('rounds', 5), steps: number('steps', 3) };
  const delayBy = (settings['delay'] ?? 'netem') as DelayBy;
  for (const link of (settings['link'] ?? 'tcp').split(',') as Link[]) {
    for (const stages of (settings['stages'] ?? `${layers}`).split(',').map(Number)) {
      yield await scoped((scope) => measure({ model: { ...model, stages }, link, delayBy, ...turns }, scope));
    }
  }
}

interface Case {
  readonly model: OverlapModel;
  readonly link: Link;
  readonly delayBy: DelayBy;
  readonly n: number;
  readonly rounds: number;
  readonly steps: number;
}

async function measure(
  { model, link, delayBy, n, rounds, steps }: Case,
  scope: Scope,
): Promise<OverlapFigures> {
  const { config, rows, positions, microBatches, stages } = model;
  const folder = mkdtempSync(join(tmpdir(), 'brine-overlap-'));
  scope.defer(() => rmSync(folder, { recursive: true, force: true }));
  const network = await openNetwork({ link, ranks: n, delayBy, folder, scope });
  const program = fileURLToPath(new URL('overlap-process.js', import.meta.url));
  const commands = Array.from({ length: n }, (_, rank) => {
    const place = [`${rank}`, `${n}`, network.address('overlap', rank)];
    return [...network.inside(rank), process.execPath, program, ...place, JSON.stringify(model)];
  });
  const ask = await startProcesses(commands, scope);
  const times = [1, stages].flatMap((parts) =>
    [false, true].map((ring) => ({ stages: parts, ring, seconds: [] as number[] })),
  );
  for (let turn = -1; turn < rounds; turn++) {
    for (const { seconds, ...question } of times) {
      const asked: OverlapQuestion = { ...question, steps: steps + 1 };
      const answers = (await ask(asked)) as OverlapAnswer[];
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
    width: config.hiddenSize,
    layers: config.layers,
    tokens: rows * positions,
    microBatches,
    stages,
    parametersMiB: round(parametersOf(config) / 2 ** 18, 1),
    stepSeconds: round(wholeRing, 3),
    ringSeconds: round(ring, 3),
    hiddenShare: round(1 - (cutRing - cut) / ring, 3),
    stepOverhead: round(cut / whole - 1, 3),
    speedup: round(wholeRing / cutRing, 3),
  };
}

function parametersOf(config: OverlapModel['config']): number {
  return parameterSpecs(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}
