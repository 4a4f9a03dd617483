/** Fused layers: normalizations, rotary embeddings, activations. */
import * as ops from '../../../src/graph/index.ts';
import type { Graph } from '../../../src/graph/index.ts';
import { int64, unary, type Cases } from './op-case.ts';

/** Cosines and sines of some angles, [P, D/2]. */
const angles = (graph: Graph, [rows, half]: readonly [number, number]) => {
  const table = (f: (angle: number) => number) =>
    ops.constant(
      graph,
      'float32',
      [rows, half],
      Float32Array.from({ length: rows * half }, (_, i) => f(0.7 * i)),
    );
  return { cosines: table(Math.cos), sines: table(Math.sin) };
};

export const LAYERS = {
  SimplifiedLayerNormalization: [
    { shapes: [[2, 2, 4], [4]], build: ([x, scale]) => ops.simplifiedLayerNormalization(x!, scale!)[0] },
    {
      shapes: [[3, 4], [4]],
      dtype: 'float32',
      build: ([x, scale]) => ops.simplifiedLayerNormalization(x!, scale!),
    },
    {
      shapes: [[3, 4], [4]],
      dtype: 'float32',
      build: ([x, scale]) => ops.simplifiedLayerNormalization(x!, scale!)[1],
    },
    {
      shapes: [
        [2, 2, 3],
        [2, 3],
      ],
      build: ([x, scale]) => ops.simplifiedLayerNormalization(x!, scale!, { axis: 1, epsilon: 0.1 })[0],
    },
  ],
  LayerNormalization: [
    {
      shapes: [[2, 3, 4], [4], [4]],
      build: ([x, scale, bias]) => ops.layerNormalization(x!, scale!, { bias: bias! })[0],
    },
    { shapes: [[3, 4], [4]], dtype: 'float32', build: ([x, scale]) => ops.layerNormalization(x!, scale!) },
    {
      shapes: [
        [2, 2, 3],
        [2, 3],
      ],
      build: ([x, scale]) => ops.layerNormalization(x!, scale!, { axis: 1 })[0],
    },
  ],
  SkipSimplifiedLayerNormalization: [
    {
      shapes: [[2, 3, 4], [2, 3, 4], [4]],
      dtype: 'float32',
      build: ([x, skip, scale]) => ops.skipSimplifiedLayerNormalization(x!, skip!, { scale: scale! }),
    },
    {
      shapes: [[2, 3, 4], [2, 3, 4], [4]],
      dtype: 'float32',
      build: ([x, skip, scale]) => ops.skipSimplifiedLayerNormalization(x!, skip!, { scale: scale! })[0],
    },
  ],
  RotaryEmbedding: [
    {
      shapes: [[2, 3, 8]],
      dtype: 'float32',
      build: ([x], g) => ops.rotaryEmbedding(x!, { positions: int64(g, [1], [1]), ...angles(g, [5, 2]) }),
    },
    {
      shapes: [[1, 2, 3, 4]],
      dtype: 'float32',
      build: ([x], g) =>
        ops.rotaryEmbedding(x!, {
          positions: int64(g, [1, 3], [4, 0, 2]),
          ...angles(g, [5, 2]),
          interleaved: true,
        }),
    },
  ],
  QuickGelu: [
    ...unary((x) => ops.quickGelu(x, { alpha: 1 }), { dtype: 'float32' }),
    ...unary((x) => ops.quickGelu(x), { dtype: 'float32' }),
  ],
  FastGelu: [
    ...unary((x) => ops.fastGelu(x), { dtype: 'float32' }),
    { shapes: [[2, 3], [3]], dtype: 'float32', build: ([x, bias]) => ops.fastGelu(x!, bias) },
  ],
  BiasGelu: [{ shapes: [[2, 3], [3]], dtype: 'float32', build: ([x, bias]) => ops.biasGelu(x!, bias!) }],
  Gelu: [
    ...unary((x) => ops.gelu(x), { dtype: 'float32' }),
    ...unary((x) => ops.gelu(x, { approximate: 'tanh' }), { dtype: 'float32' }),
  ],
} satisfies Cases;
