/**
 * Adafactor (Shazeer and Stern, arXiv 1804.04235, algorithms 4 and 5), without a first moment. Second
 * moments of a matrix are stored as row and column means. Updates are clipped to a root mean square
 * of 1. beta2 of step t = 1, 2, … is 1 - t^-0.8.
 */
import { add, div, Graph, max, mul, reduceMean, reshape, sqrt, sub, type Value } from '../graph/index.ts';
import type { Shape } from '../tensor/dtype.ts';
import { viewOf, type FlatTensor } from '../tensor/layout.ts';
import { clipping, squaresOf } from './clipping.ts';
import {
  number,
  vector,
  type AdafactorConfig,
  type Optimizer,
  type OptimizerParts,
  type Update,
} from './optimizer.ts';
import { SessionCache } from './sessions.ts';
import { slicesOf } from './slices.ts';

const SQUARE_FLOOR = 1e-30; // the paper's ε1
const SCALE_FLOOR = 1e-3; // ε2
const UPDATE_CLIP = 1; // d

/**
 * The update of one tensor. The state inputs are rows [R] and columns [C] for a matrix, squares for
 * others.
 */
function adafactorGraph(shape: Shape, { relative }: AdafactorConfig): Graph {
  const graph = new Graph('adafactor');
  const scalarInput = (name: string) => graph.input(name, 'float32', []);
  const parameter = graph.input('parameter', 'float32', shape);
  const gradient = mul(graph.input('gradient', 'float32', shape), scalarInput('factor'));
  const [beta, oneMinusBeta, rate] = [scalarInput('beta'), scalarInput('oneMinusBeta'), scalarInput('rate')];
  const square = add(mul(gradient, gradient), SQUARE_FLOOR);
  /** Emits beta · old + (1 - beta) · now, with input `name` and output `new ${name}`. */
  const average = (name: string, now: Value): Value => {
    const next = add(mul(graph.input(name, 'float32', now.shape), beta), mul(now, oneMinusBeta));
    graph.output(`new ${name}`, next);
    return next;
  };
  const direction = isMatrix(shape)
    ? factored(gradient, {
        rows: average('rows', reduceMean(square, { axes: [1] })),
        columns: average('columns', reduceMean(square, { axes: [0] })),
      })
    : div(gradient, sqrt(average('squares', square)));
  const clipped = div(direction, max(rootMeanSquare(direction), UPDATE_CLIP));
  const size = relative ? mul(max(rootMeanSquare(parameter), SCALE_FLOOR), rate) : rate;
  const keep = sub(1, mul(size, scalarInput('decay')));
  graph.output('new parameter', sub(mul(parameter, keep), mul(clipped, size)));
  return graph;
}

/** gradient / √(rows · columns / mean(rows)) */
function factored(gradient: Value, { rows, columns }: { rows: Value; columns: Value }): Value {
  const row = sqrt(div(rows, reduceMean(rows))); // [R]
  return div(div(gradient, reshape(row, [-1, 1])), sqrt(columns));
}

function rootMeanSquare(x: Value): Value {
  return sqrt(reduceMean(mul(x, x)));
}

function isMatrix(shape: Shape): boolean {
  return shape.length === 2;
}

export function openAdafactor(config: AdafactorConfig, { layout, decays, open }: OptimizerParts): Optimizer {
  const slices = slicesOf(layout, decays);
  const sessions = new SessionCache(open);
  const state = new Map<string, Float32Array>();
  const parts = new Map(layout.tensors.map((tensor) => [tensor, stateOf(tensor)]));
  for (const [{ name }, own] of parts) {
    for (const [part, data] of Object.entries(own)) state.set(`${name}.${part}`, data);
  }
  const advance = async (tensor: FlatTensor, update: Update, factor: number) => {
    const { shape, name } = tensor;
    const session = await sessions.get(`adafactor ${shape.join('x')}`, () => adafactorGraph(shape, config));
    const parameter = { dtype: 'float32' as const, shape, data: viewOf(tensor, update.parameters) };
    const own = Object.entries(parts.get(tensor)!).map(([part, data]) => [part, vector(data)] as const);
    const beta = 1 - (update.step + 1) ** -0.8;
    await session.run(
      {
        ...Object.fromEntries(own),
        parameter,
        gradient: { dtype: 'float32', shape, data: viewOf(tensor, update.gradients) },
        factor: number(factor),
        beta: number(beta),
        oneMinusBeta: number(1 - beta),
        rate: number(update.rate),
        decay: number(decays(name) ? config.decay : 0),
      },
      {
        ...Object.fromEntries(own.map(([part, data]) => [`new ${part}`, data])),
        'new parameter': parameter,
      },
    );
  };
  return {
    state,
    parts: new Map(),
    beginOf: () => undefined,
    squares: (gradients) => squaresOf(gradients, { slices, sessions }),
    async update(update) {
      const { gradientNorm, factor } = await clipping(update, { slices, sessions, clip: config.clip });
      for (const tensor of layout.tensors) await advance(tensor, update, factor);
      return { gradientNorm };
    },
    close: () => sessions.close(),
  };
}

function stateOf({ shape, size }: FlatTensor): Record<string, Float32Array> {
  const [rows = 0, columns = 0] = shape;
  if (!isMatrix(shape)) return { squares: new Float32Array(size) };
  return { rows: new Float32Array(rows), columns: new Float32Array(columns) };
}
