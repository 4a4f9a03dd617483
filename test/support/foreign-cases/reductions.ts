/** Ops along axes: reductions, softmax, cumulative sums, top k. */
import { ints, shaped, type Operand } from '../foreign-node.ts';
import { AXES, axes, cube, each, type Cases, type Rest } from './foreign-case.ts';

const reduction = (operand: Operand = cube): Rest[] => [
  { operands: [operand] },
  { operands: [operand, ints()] },
  { operands: [operand, ints(1)] },
  { operands: [operand, ints(-1, 0)], attributes: { keepdims: 0 } },
  { operands: [operand, ints(-2)], attributes: { keepdims: 0, noop_with_empty_axes: 1 } },
  { operands: [operand], attributes: { noop_with_empty_axes: 1 }, refused: 'SHAPE_MISMATCH' },
  { operands: [operand, ints(1, -2)], refused: 'SHAPE_MISMATCH' },
  { operands: [operand, ints(3)], refused: 'SHAPE_MISMATCH' },
  { operands: [operand], attributes: { axes: [1] }, refused: 'GRAPH_INVALID' },
  { operands: [operand, ints(1)], attributes: { keepdims: 2 }, refused: 'GRAPH_INVALID' },
];

export const REDUCTIONS = {
  ReduceSum: reduction(),
  ReduceMean: reduction(),
  ReduceMax: reduction(),
  ReduceMin: reduction(),
  ReduceSumSquare: reduction(),
  ReduceLogSumExp: reduction(),
  Softmax: axes({ operands: [cube] }),
  LogSoftmax: axes({ operands: [cube] }),
  CumSum: [
    ...AXES.flatMap((axis) =>
      each('exclusive', [0, 1], { operands: [cube, shaped(ints(axis), [])] }).flatMap((rest) =>
        each('reverse', [0, 1], rest),
      ),
    ),
    { operands: [cube, ints(-1)] },
    { operands: [cube, ints(3)], refused: 'SHAPE_MISMATCH' },
    { operands: [cube, ints(1)], attributes: { reverse: -1 }, refused: 'GRAPH_INVALID' },
  ],
  TopK: [
    ...axes({ operands: [cube, ints(2)], outputs: 2 }),
    ...each('largest', [0, 1], { operands: [cube, ints(2)], outputs: 2, attributes: { axis: -2 } }),
    ...each('sorted', [0, 1], { operands: [cube, ints(2)], outputs: 2, attributes: { axis: 1 } }),
    { operands: [cube, ints(5)], outputs: 2, refused: 'SHAPE_MISMATCH' },
  ],
  ArgMax: [
    ...axes({ operands: [cube] }),
    { operands: [cube], attributes: { select_last_index: 0 } },
    { operands: [cube], attributes: { select_last_index: 1 }, refused: 'GRAPH_INVALID' },
  ],
} satisfies Cases;
