import { sizeOf, type Shape } from '../../tensor/dtype.ts';
import {
  broadcastShape,
  emitter,
  FLOATS,
  operandMismatch,
  requireTypes,
  type Family,
} from '../definition.ts';
import type { Node, Value } from '../graph.ts';
import type { FusedMatMulAttributes, ProductOp } from './attributes.ts';

/** Matrix products, batched and broadcast over the leading axes. */

export const PRODUCTS: Family<ProductOp> = {
  MatMul: {
    arity: [2, 2],
    fields: {},
    infer: (inputs, _, op) => [
      {
        dtype: requireTypes(op, inputs, [...FLOATS, 'int32', 'int64']),
        shape: productShape(op, inputs, [inputs[0]!.shape, inputs[1]!.shape]),
      },
    ],
  },
  FusedMatMul: {
    arity: [2, 2],
    domain: 'com.microsoft',
    fields: {
      alpha: { kind: 'float', name: 'alpha', default: 1 },
      transA: { kind: 'flag', name: 'transA', default: false },
      transB: { kind: 'flag', name: 'transB', default: false },
      transBatchA: { kind: 'flag', name: 'transBatchA', default: false },
      transBatchB: { kind: 'flag', name: 'transBatchB', default: false },
    },
    infer: (inputs, attributes, op) => {
      const { transA, transB, transBatchA, transBatchB } = attributes;
      const a = asBatches(inputs[0]!.shape, { transpose: transA, batch: transBatchA });
      const b = asBatches(inputs[1]!.shape, { transpose: transB, batch: transBatchB });
      return [{ dtype: requireTypes(op, inputs, FLOATS), shape: productShape(op, inputs, [a, b]) }];
    },
  },
};

/** Shape [batch…, rows, columns] of an operand as FusedMatMul reads it. */
function asBatches(shape: Shape, { transpose, batch }: { transpose: boolean; batch: boolean }): Shape {
  const rank = shape.length;
  if (rank < 2) return shape;
  const rows = batch ? shape[0]! : shape[rank - 2]!;
  const leading = batch ? shape.slice(1, rank - 1) : shape.slice(0, rank - 2);
  const columns = shape[rank - 1]!;
  return transpose ? [...leading, columns, rows] : [...leading, rows, columns];
}

function productShape(op: string, inputs: readonly Value[], [a, b]: readonly [Shape, Shape]): Shape {
  if (a.length < 2 || b.length < 2)
    throw operandMismatch(op, inputs, 'needs operands with at least two axes');
  const [rows, inner, inner2, columns] = [a.at(-2)!, a.at(-1)!, b.at(-2)!, b.at(-1)!];
  if (inner !== inner2) throw operandMismatch(op, inputs, `has inner extents ${inner} and ${inner2}`);
  const batch = broadcastShape(a.slice(0, -2), b.slice(0, -2));
  if (batch === undefined) throw operandMismatch(op, inputs, 'has batches that cannot be broadcast');
  return [...batch, rows, columns];
}

const emit = emitter(PRODUCTS);

/** a [..., M, K] × b [..., K, N] → [..., M, N] */
export const matmul = (a: Value, b: Value): Value => emit('MatMul', [a, b], {})[0]!;

/**
 * alpha · op(a) × op(b), with transposed operands read in place. float32 only on the CPU provider.
 */
export function fusedMatMul(a: Value, b: Value, options: Partial<FusedMatMulAttributes> = {}): Value {
  const { alpha = 1, transA = false, transB = false, transBatchA = false, transBatchB = false } = options;
  return emit('FusedMatMul', [a, b], { alpha, transA, transB, transBatchA, transBatchB })[0]!;
}

/**
 * Floating-point operations of a matrix product, two for each multiply-add; 0 for any other node.
 */
export function productOperations({ op, inputs, outputs, attributes }: Node): number {
  if (op !== 'MatMul' && op !== 'FusedMatMul') return 0;
  const layout =
    op === 'MatMul'
      ? { transpose: false, batch: false }
      : { transpose: attributes.transA, batch: attributes.transBatchA };
  return 2 * sizeOf(outputs[0]!.shape) * asBatches(inputs[0]!.shape, layout).at(-1)!;
}
