/** Ops along axes: reductions, softmax, cumulative sums, top k, scans. */
import * as ops from '../../../src/graph/index.ts';
import type { Value } from '../../../src/graph/index.ts';
import { unary, type Cases, type OpCase } from './op-case.ts';

const reduction = (op: (x: Value, options: ops.ReduceOptions) => Value, rest: Partial<OpCase> = {}) => [
  { shapes: [[2, 3, 2]], build: ([x]: readonly Value[]) => op(x!, { axes: [1] }), ...rest },
  {
    shapes: [[2, 3, 2]],
    build: ([x]: readonly Value[]) => op(x!, { axes: [-1, 0], keepDims: true }),
    ...rest,
  },
  { shapes: [[2, 3]], build: ([x]: readonly Value[]) => op(x!, {}), ...rest },
];

export const REDUCTIONS = {
  ReduceSum: reduction(ops.reduceSum),
  ReduceMean: reduction(ops.reduceMean),
  ReduceMax: reduction(ops.reduceMax),
  ReduceMin: reduction(ops.reduceMin),
  ReduceSumSquare: reduction(ops.reduceSumSquare),
  ReduceLogSumExp: reduction(ops.reduceLogSumExp),
  Softmax: [
    ...unary((x) => ops.softmax(x)),
    { shapes: [[2, 3, 2]], build: ([x]) => ops.softmax(x!, { axis: 1 }) },
  ],
  LogSoftmax: [
    ...unary((x) => ops.logSoftmax(x)),
    { shapes: [[2, 3, 2]], build: ([x]) => ops.logSoftmax(x!, { axis: 0 }) },
  ],
  CumSum: [
    ...unary((x) => ops.cumSum(x)),
    ...unary((x) => ops.cumSum(x, { axis: 0, exclusive: true })),
    ...unary((x) => ops.cumSum(x, { reverse: true })),
  ],
  TopK: [
    { shapes: [[2, 4]], build: ([x]) => ops.topK(x!, { k: 2 }) },
    { shapes: [[4, 2]], build: ([x]) => ops.topK(x!, { k: 3, axis: 0, largest: false })[0] },
  ],
  ArgMax: unary((x) => ops.argMax(x)),
  Scan: [{ shapes: [[3], [2, 3], [4, 2, 3]], build: runningSums }],
} satisfies Cases;

function runningSums([total, weight, rows]: readonly Value[]): readonly Value[] {
  const parts = { states: [total!, weight!], stacks: [rows!], captured: [weight!] };
  return ops.scan(parts, ({ states: [sum, growing], slices: [row], captured: [factor] }) => [
    ops.add(sum!, ops.reduceSum(ops.mul(row!, factor!), { axes: [0] })),
    ops.mul(growing!, ops.add(factor!, 1)),
  ]);
}
