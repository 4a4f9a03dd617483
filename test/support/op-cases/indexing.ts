/** Ops that gather and scatter by indices. */
import * as ops from '../../../src/graph/index.ts';
import { int64, type Cases } from './op-case.ts';

export const INDEXING = {
  Gather: [
    { shapes: [[4, 2]], build: ([x], g) => ops.gather(x!, int64(g, [2, 3], [0, 3, 3, 1, 0, 0])) },
    { shapes: [[2, 4, 3]], build: ([x], g) => ops.gather(x!, int64(g, [2, 2], [3, 3, 1, 0]), 1) },
    { shapes: [[2, 4]], build: ([x], g) => ops.gather(x!, ops.constant(g, 'int32', [], [2]), 1) },
  ],
  GatherElements: [
    { shapes: [[3, 4]], build: ([x], g) => ops.gatherElements(x!, int64(g, [2, 2], [0, 3, 1, 1]), 1) },
  ],
  GatherND: [
    { shapes: [[3, 2, 2]], build: ([x], g) => ops.gatherND(x!, int64(g, [3, 2], [0, 1, 2, 0, 2, 0])) },
    { shapes: [[3, 2]], build: ([x], g) => ops.gatherND(x!, int64(g, [2, 1], [2, 0])) },
  ],
  ScatterElements: [
    {
      shapes: [
        [3, 4],
        [2, 2],
      ],
      build: ([x, updates], g) =>
        ops.scatterElements(x!, { indices: int64(g, [2, 2], [0, 3, 1, 2]), updates: updates!, axis: 1 }),
    },
    {
      shapes: [
        [3, 4],
        [2, 2],
      ],
      build: ([x, updates], g) =>
        ops.scatterElements(x!, {
          indices: int64(g, [2, 2], [1, 2, 1, 2]),
          updates: updates!,
          reduction: 'add',
        }),
    },
  ],
  ScatterND: [
    {
      shapes: [
        [3, 2],
        [2, 2],
      ],
      build: ([x, updates], g) => ops.scatterND(x!, { indices: int64(g, [2, 1], [2, 0]), updates: updates! }),
    },
    {
      shapes: [[3, 2], [3]],
      build: ([x, updates], g) =>
        ops.scatterND(x!, {
          indices: int64(g, [3, 2], [2, 0, 2, 0, 1, 1]),
          updates: updates!,
          reduction: 'add',
        }),
    },
  ],
} satisfies Cases;
