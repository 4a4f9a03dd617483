/** Matrix products. */
import * as ops from '../../../src/graph/index.ts';
import type { Shape } from '../../../src/tensor/dtype.ts';
import type { Cases, OpCase } from './op-case.ts';

const product = (shapes: readonly Shape[], options: Partial<ops.FusedMatMulAttributes> = {}): OpCase => ({
  shapes,
  dtype: 'float32',
  build: ([a, b]) => ops.fusedMatMul(a!, b!, options),
});

const matmulShapes: readonly (readonly Shape[])[] = [
  [
    [2, 3],
    [3, 4],
  ],
  [
    [2, 2, 3],
    [3, 2],
  ],
  [
    [2, 3],
    [2, 3, 2],
  ],
  [
    [2, 1, 2, 3],
    [2, 3, 2],
  ],
];

export const PRODUCTS = {
  MatMulInteger: [
    {
      shapes: [
        [2, 3],
        [3, 4],
      ],
      dtype: 'float32',
      build: ([a, b]) => ops.matMulInteger(ops.cast(ops.greater(a!, 0), 'uint8'), ops.cast(b!, 'uint8')),
    },
  ],
  MatMul: matmulShapes.map((shapes) => ({ shapes, build: ([a, b]) => ops.matmul(a!, b!) })),
  FusedMatMul: [
    ...matmulShapes.map((shapes) => product(shapes, { alpha: 0.5 })),
    product(
      [
        [2, 3, 2],
        [4, 3],
      ],
      { transA: true, transB: true },
    ),
    product(
      [
        [2, 2, 3],
        [4, 3],
      ],
      { transB: true, alpha: 2 },
    ),
    product(
      [
        [3, 2],
        [2, 3, 4],
      ],
      { transA: true },
    ),
    product(
      [
        [3, 2, 4],
        [5, 2, 4],
      ],
      { transBatchA: true, transBatchB: true, transB: true },
    ),
    product(
      [
        [4, 2, 2, 3],
        [4, 2, 2, 3],
      ],
      { transBatchA: true, transBatchB: true, transA: true },
    ),
    product(
      [
        [2, 3, 4],
        [4, 2, 3],
      ],
      { transBatchB: true },
    ),
  ],
} satisfies Cases;
