/** Ops that gather and scatter by indices. */
import { ints, shaped } from '../foreign-node.ts';
import { axes, cube, x, type Cases, type Rest } from './foreign-case.ts';

const scattered = (combine: string | undefined, axis = 0): Rest => ({
  operands: [x(3, 4), shaped(ints(0, 2, -1, 1), [2, 2]), x(2, 2)],
  attributes: { axis, ...(combine && { reduction: combine }) },
});

export const INDEXING = {
  Gather: axes({ operands: [cube, shaped(ints(0, -1, 1, 0), [2, 2])] }),
  GatherElements: axes({ operands: [cube, shaped(ints(0, -1, 1, 0), [1, 2, 2])] }),
  GatherND: [
    { operands: [x(3, 2, 2), shaped(ints(0, 1, 2, 0, 2, 0), [3, 2])] },
    { operands: [x(3, 2, 2), shaped(ints(1, -1, -1, 1, -3, -2), [3, 2])] },
    { operands: [x(3, 2), ints(-1)], attributes: { batch_dims: 0 } },
    {
      operands: [x(2, 3), shaped(ints(1, 2), [2, 1])],
      attributes: { batch_dims: 1 },
      refused: 'GRAPH_INVALID',
    },
  ],
  ScatterElements: [
    scattered(undefined),
    ...[-2, -1, 0, 1].flatMap((axis) => ['none', 'add'].map((kind) => scattered(kind, axis))),
    ...['mul', 'max', 'min'].map((kind): Rest => ({ ...scattered(kind), refused: 'GRADIENT_MISSING' })),
    { ...scattered('mean'), refused: 'GRAPH_INVALID' },
    { ...scattered('add', 2), refused: 'SHAPE_MISMATCH' },
  ],
  ScatterND: [undefined, 'none', 'add', 'mul', 'mean'].map((kind): Rest => ({
    operands: [x(3, 2), shaped(ints(-1, 0), [2, 1]), x(2, 2)],
    ...(kind && { attributes: { reduction: kind } }),
    refused: kind === 'mul' ? 'GRADIENT_MISSING' : kind === 'mean' ? 'GRAPH_INVALID' : undefined,
  })),
} satisfies Cases;
