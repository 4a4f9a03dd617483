/** AdamW (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2), in PyTorch's order of operations. */
import { add, div, Graph, mul, sqrt, sub } from '../graph/index.ts';
import type { FlatTensor } from '../tensor/layout.ts';
import { clipping, squaresOf } from './clipping.ts';
import {
  number,
  vector,
  type AdamWConfig,
  type Optimizer,
  type OptimizerParts,
  type Update,
} from './optimizer.ts';
import { SessionCache } from './sessions.ts';
import { ownsAll, slicesOf, type Slice } from './slices.ts';

/**
 * The update of one slice of the flat buffers. Parameter, first and second are read before their
 * successors are written, so outputs may share memory with the inputs.
 */
function adamwGraph(size: number, { betas, epsilon }: AdamWConfig): Graph {
  const graph = new Graph('adamw');
  const input = (name: string) => graph.input(name, 'float32', [size]);
  const scalarInput = (name: string) => graph.input(name, 'float32', []);
  const parameter = input('parameter');
  const first = input('first');
  const second = input('second');
  const gradient = mul(input('gradient'), scalarInput('factor'));
  const newFirst = add(mul(first, betas[0]), mul(gradient, 1 - betas[0]));
  const newSecond = add(mul(second, betas[1]), mul(mul(gradient, gradient), 1 - betas[1]));
  const denominator = add(mul(sqrt(newSecond), scalarInput('inverseRootCorrection')), epsilon);
  const change = mul(div(newFirst, denominator), scalarInput('stepSize'));
  graph.output('newFirst', newFirst);
  graph.output('newSecond', newSecond);
  graph.output('newParameter', sub(mul(parameter, scalarInput('decayFactor')), change));
  return graph;
}

export function openAdamW(config: AdamWConfig, { layout, decays, open, owned }: OptimizerParts): Optimizer {
  const slices = slicesOf(layout, decays, owned && { owned });
  const sessions = new SessionCache(open);
  const ranges = layout.buckets.map(owned ?? ownsAll);
  const [first, second] = [0, 1].map(() => ranges.map(([begin, end]) => new Float32Array(end - begin))) as [
    Float32Array[],
    Float32Array[],
  ];
  const state = new Map<string, Float32Array>();
  const begins = new Map<string, number>();
  const parts = new Map(Object.entries({ first, second }));
  for (const tensor of layout.tensors) {
    const range = ranges[tensor.bucket]!;
    const [begin, end] = rangeWithin(tensor, range);
    if (begin === end) continue;
    for (const [part, buckets] of parts) {
      state.set(`${tensor.name}.${part}`, buckets[tensor.bucket]!.subarray(begin, end));
      begins.set(`${tensor.name}.${part}`, range[0] + begin - tensor.offset);
    }
  }
  const advance = async (slice: Slice, update: Update, factor: number) => {
    const view = (buckets: readonly Float32Array[], before = 0) =>
      vector(buckets[slice.bucket]!.subarray(slice.offset - before, slice.offset - before + slice.length));
    const session = await sessions.get(`adamw ${slice.length}`, () => adamwGraph(slice.length, config));
    const [before] = ranges[slice.bucket]!;
    const [parameter, firstView, secondView] = [
      view(update.parameters),
      view(first, before),
      view(second, before),
    ];
    await session.run(
      {
        parameter,
        first: firstView,
        second: secondView,
        gradient: view(update.gradients),
        factor: number(factor),
        ...stepInputs(config, update, slice.decays),
      },
      { newParameter: parameter, newFirst: firstView, newSecond: secondView },
    );
  };
  return {
    state,
    parts,
    beginOf: (name) => (owned ? begins.get(name) : undefined),
    squares: (gradients) => squaresOf(gradients, { slices, sessions }),
    async update(update) {
      const { gradientNorm, factor } = await clipping(update, { slices, sessions, clip: config.clip });
      for (const slice of slices) await advance(slice, update, factor);
      return { gradientNorm };
    },
    close: () => sessions.close(),
  };
}

/** Range of a tensor within the owned share of its bucket, clamped to that share. */
function rangeWithin(
  { offset, size }: FlatTensor,
  [begin, end]: readonly [number, number],
): readonly [number, number] {
  const within = (at: number) => Math.min(end, Math.max(begin, at)) - begin;
  return [within(offset), within(offset + size)];
}

/** The inputs that change from step to step. */
function stepInputs({ betas, decay }: AdamWConfig, { step, rate }: Update, decays: boolean) {
  return {
    decayFactor: number(decays ? 1 - rate * decay : 1),
    stepSize: number(rate / (1 - betas[0] ** (step + 1))),
    inverseRootCorrection: number(1 / Math.sqrt(1 - betas[1] ** (step + 1))),
  };
}
