/** Ops that change the shape or select ranges. */
import * as ops from '../../../src/graph/index.ts';
import { unary, type Cases } from './op-case.ts';

export const SHAPES = {
  Reshape: unary((x) => ops.reshape(x, [3, -1])),
  Transpose: [{ shapes: [[2, 3, 4]], build: ([x]) => ops.transpose(x!, [2, 0, 1]) }],
  Concat: [
    {
      shapes: [
        [2, 1],
        [2, 3],
        [2, 2],
      ],
      build: (xs) => ops.concat(xs, 1),
    },
  ],
  Split: [
    { shapes: [[2, 6]], build: ([x]) => ops.split(x!, [1, 3, 2], 1) },
    { shapes: [[2, 6]], build: ([x]) => ops.split(x!, [1, 3, 2], 1)[1]! },
  ],
  Slice: [
    { shapes: [[3, 5]], build: ([x]) => ops.slice(x!, { starts: [1, -3], ends: [3, 100] }) },
    { shapes: [[3, 7]], build: ([x]) => ops.slice(x!, { starts: [1], ends: [6], axes: [1], steps: [2] }) },
    { shapes: [[3, 7]], build: ([x]) => ops.slice(x!, { starts: [0, 2], ends: [3, 7], steps: [2, 3] }) },
  ],
  Expand: [
    { shapes: [[3, 1]], build: ([x]) => ops.expand(x!, [2, 3, 4]) },
    { shapes: [[]], build: ([x]) => ops.expand(x!, [2, 2]) },
  ],
  Squeeze: [{ shapes: [[2, 1, 3, 1]], build: ([x]) => ops.squeeze(x!, [1, 3]) }],
  Unsqueeze: unary((x) => ops.unsqueeze(x, [0, 2])),
  Tile: unary((x) => ops.tile(x, [3, 2])),
  Pad: [
    ...unary((x) => ops.pad(x, { before: [1, 0], after: [0, 2] })),
    ...unary((x) => ops.pad(x, { before: [1, 0], after: [0, 2], value: 3 })),
  ],
} satisfies Cases;
