/** Fused layers: normalizations, rotary embeddings, activations. */
import { ints, type Attribute } from '../foreign-node.ts';
import { AXES, cube, each, microsoft, x, type Cases, type ForeignCase, type Rest } from './foreign-case.ts';

const scales = (axis: number): readonly number[] => [2, 3, 4].slice(axis < 0 ? axis + 3 : axis);
const normalization = (bias: boolean): Rest[] => [
  { operands: [cube, x(4), ...(bias ? [x(4)] : [])] },
  ...AXES.map((axis) => ({
    operands: [cube, x(...scales(axis)), ...(bias ? [x(...scales(axis))] : [])],
    attributes: { axis, epsilon: { float: 0.1 }, stash_type: 1 },
  })),
  { operands: [cube, x(4)], attributes: { stash_type: 16 }, refused: 'GRAPH_INVALID' },
  { operands: [cube, x(4)], attributes: { epsilon: 1 }, refused: 'GRAPH_INVALID' },
];

const angles = {
  dtype: 'float32' as const,
  shape: [5, 2],
  data: Float32Array.from({ length: 10 }, (_, i) => Math.cos(0.7 * i)),
};
const rotary = (attributes: Readonly<Record<string, Attribute>>, refused?: ForeignCase['refused']): Rest => ({
  operands: [x(2, 3, 8), ints(1), angles, angles],
  attributes,
  refused,
});

export const LAYERS = {
  SimplifiedLayerNormalization: normalization(false),
  LayerNormalization: [...normalization(true), ...normalization(false)],
  SkipSimplifiedLayerNormalization: microsoft([
    { operands: [x(2, 3, 4), x(2, 3, 4), x(4)], attributes: { epsilon: { float: 0.1 } } },
    { operands: [x(2, 3, 4), x(2, 3, 4), x(4)] },
    { operands: [x(2, 3, 4), x(2, 3, 4), x(4), x(4)], refused: 'SHAPE_MISMATCH' },
    { operands: [x(2, 3, 4), x(2, 3, 4), undefined, x(4)], refused: 'GRAPH_INVALID' },
  ]),
  RotaryEmbedding: microsoft([
    rotary({}),
    rotary({ interleaved: 1, scale: { float: 1 } }),
    rotary({ scale: { float: 2 } }, 'GRAPH_INVALID'),
    rotary({ rotary_embedding_dim: 2 }, 'GRAPH_INVALID'),
    rotary({ num_heads: 2 }, 'GRAPH_INVALID'),
    rotary({ is_packed_batching: 1 }, 'GRAPH_INVALID'),
  ]),
  QuickGelu: microsoft([
    { operands: [x(2, 3)] },
    { operands: [x(2, 3)], attributes: { alpha: { float: -0.5 } } },
  ]),
  FastGelu: microsoft([{ operands: [x(2, 3)] }, { operands: [x(2, 3), x(3)] }]),
  BiasGelu: microsoft([{ operands: [x(2, 3), x(3)] }]),
  Gelu: [
    { operands: [x(2, 3)] },
    ...each('approximate', ['none', 'tanh'], { operands: [x(2, 3)] }),
    { operands: [x(2, 3)], attributes: { approximate: 'erf' }, refused: 'GRAPH_INVALID' },
  ],
} satisfies Cases;
