/** Ops that change the shape or select ranges. */
import { float, ints, type Operand } from '../foreign-node.ts';
import { cube, each, x, type Cases, type ForeignCase, type Rest } from './foreign-case.ts';

const INT64_MAX = 2n ** 63n - 1n;

const slice = (
  [starts, ends, along, steps]: readonly (readonly (number | bigint)[] | undefined)[],
  refused?: ForeignCase['refused'],
): Rest => ({
  operands: [x(4, 5, 3), ...[starts, ends, along, steps].map((list) => list && ints(...list))],
  refused,
});

const pad = (
  list: readonly number[],
  rest: Omit<Rest, 'operands'> & { more?: readonly Operand[] } = {},
): Rest => ({
  operands: [x(3, 4), ints(...list), ...(rest.more ?? [])],
  ...(rest.attributes && { attributes: rest.attributes }),
  ...(rest.opset && { opset: rest.opset }),
  refused: rest.refused,
});

export const SHAPES = {
  Reshape: [
    { operands: [x(2, 3, 4), ints(0, -1)] },
    { operands: [x(2, 3, 4), ints(4, 6)] },
    { operands: [x(2, 3, 4), ints(-1)], attributes: { allowzero: 1 } },
    { operands: [x(2, 3, 4), ints(0, -1)], attributes: { allowzero: 1 }, refused: 'SHAPE_MISMATCH' },
    { operands: [x(2, 3, 4), ints(-1, -1)], refused: 'SHAPE_MISMATCH' },
    { operands: [x(2, 3, 4), x(1)], refused: 'GRAPH_INVALID' },
  ],
  Transpose: [
    { operands: [cube] },
    { operands: [cube], attributes: { perm: [2, 0, 1] } },
    { operands: [cube], attributes: { perm: [-1, 0, 1] }, refused: 'SHAPE_MISMATCH' },
    { operands: [cube], attributes: { perm: [0, 1] }, refused: 'SHAPE_MISMATCH' },
  ],
  Concat: [
    ...each('axis', [-2, -1, 0, 1], { operands: [x(2, 3), x(2, 3)] }),
    { operands: [x(2, 3), x(2, 1), x(2, 2)], attributes: { axis: -1 } },
    { operands: [x(2, 3), x(2, 3)], refused: 'GRAPH_INVALID' },
    { operands: [x(2, 3), x(2, 3)], attributes: { axis: 2 }, refused: 'SHAPE_MISMATCH' },
  ],
  Split: [
    { operands: [x(2, 6), ints(1, 5)], attributes: { axis: -1 }, outputs: 2 },
    { operands: [x(4, 2), ints(1, 3)], outputs: 2 },
    { operands: [x(2, 7)], attributes: { axis: 1, num_outputs: 3 }, outputs: 3 },
    { operands: [x(2, 7)], attributes: { axis: -1, num_outputs: 3 }, outputs: 2, refused: 'SHAPE_MISMATCH' },
    {
      operands: [x(2, 6), ints(2, 4)],
      attributes: { axis: 1, num_outputs: 2 },
      outputs: 2,
      refused: 'SHAPE_MISMATCH',
    },
    { operands: [x(2, 6), ints(2, 4)], attributes: { axis: 1 }, outputs: 3, refused: 'SHAPE_MISMATCH' },
  ],
  Slice: [
    slice([[1], [3], [-1], [1]]),
    slice([
      [-3, 0],
      [-1, 2],
      [-2, 0],
      [1, 1],
    ]),
    slice([
      [1, 0, 0],
      [4, INT64_MAX, 2],
    ]),
    slice([[0], [INT64_MAX], [1]]),
    slice([[1], [INT64_MAX], [-2], [2]]),
    slice([[-100], [100], [0], [3]]),
    slice([
      [0, 1],
      [4, 3],
      [0, -1],
      [2, 1],
    ]),
    slice([[3], [0], [0], [-1]], 'SHAPE_MISMATCH'),
    slice(
      [
        [0, 1],
        [2, 2],
        [1, -2],
        [1, 1],
      ],
      'SHAPE_MISMATCH',
    ),
    slice([[0], [2], [3], [1]], 'SHAPE_MISMATCH'),
    { operands: [x(4), x(1), ints(2)], refused: 'GRAPH_INVALID' },
    { operands: [x(4)], attributes: { starts: [0], ends: [2] }, refused: 'GRAPH_INVALID' },
  ],
  Expand: [
    { operands: [x(3, 1), ints(2, 3, 4)] },
    { operands: [x(2, 3, 1), ints(4)] },
    { operands: [x(2, 3), ints(2, 1)] },
    { operands: [x(2, 3), ints(4)], refused: 'SHAPE_MISMATCH' },
  ],
  Squeeze: [
    { operands: [x(2, 1, 3, 1), ints(1, -1)] },
    { operands: [x(2, 1, 3, 1)] },
    { operands: [x(2, 1, 3), ints(0)], refused: 'SHAPE_MISMATCH' },
    { operands: [x(2, 1, 3)], attributes: { axes: [1] }, refused: 'GRAPH_INVALID' },
  ],
  Unsqueeze: [
    { operands: [x(2, 3), ints(-1, 0)] },
    { operands: [x(2, 3), ints(1, -1)] },
    { operands: [x(2, 3), ints(3)], refused: 'SHAPE_MISMATCH' },
  ],
  Tile: [{ operands: [x(2, 3), ints(3, 2)] }, { operands: [x(2, 3), ints(3)], refused: 'SHAPE_MISMATCH' }],
  Pad: [
    pad([1, 0, 0, 2]),
    pad([1, 0, 0, 2], { attributes: { mode: 'constant' }, more: [float(3)] }),
    pad([1, 2], { more: [undefined, ints(-1)] }),
    pad([1, 2], { more: [float(2), ints(0)] }),
    pad([0, 1, 2, 0], { more: [undefined, ints(-1, 0)] }),
    pad([1, 0, 0, 2], { attributes: { mode: 'reflect' }, refused: 'GRAPH_INVALID' }),
    pad([1, 0, 0, 2], { attributes: { mode: 'edge' }, refused: 'GRAPH_INVALID' }),
    pad([1, 0, 0, 2], { attributes: { mode: 'wrap' }, refused: 'GRAPH_INVALID' }),
    pad([-1, 0, 0, 2], { refused: 'SHAPE_MISMATCH' }),
    pad([1, 2], { refused: 'SHAPE_MISMATCH' }),
  ],
} satisfies Cases;
