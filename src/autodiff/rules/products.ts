import { fusedMatMul, matmul, mul, reshape, transpose, type NodeOf, type Value } from '../../graph/index.ts';
import type { FusedMatMulAttributes, ProductOp } from '../../graph/ops/attributes.ts';
import { sumTo, type Rules, type Thunk } from '../rule.ts';

/**
 * Gradients of matrix products are matrix products: for C = α·A·B, dA = α·G·Bᵀ and dB = α·Aᵀ·G.
 * FusedMatMul reads transposed operands in place. The gradient of a matrix that a batch shares is
 * one product over all rows.
 */

const PLAIN: FusedMatMulAttributes = {
  alpha: 1,
  transA: false,
  transB: false,
  transBatchA: false,
  transBatchB: false,
};

export const PRODUCT_RULES: Rules<ProductOp> = {
  MatMul: (node, [g]) => productThunks(node, PLAIN, g!),
  FusedMatMul: (node, [g]) => productThunks(node, node.attributes, g!),
};

function productThunks(
  { inputs }: NodeOf<ProductOp>,
  attributes: FusedMatMulAttributes,
  g: Value,
): readonly Thunk[] {
  const [a, b] = [inputs[0]!, inputs[1]!];
  const { alpha, transA, transB, transBatchA, transBatchB } = attributes;
  return [
    () => {
      const gradient = transA
        ? product(b, g, { alpha, transA: transB, transB: true, transBatchA: transBatchB })
        : product(g, b, { alpha, transB: !transB, transBatchB });
      return asStored(gradient, a, transBatchA);
    },
    () => {
      if (b.shape.length === 2 && a.shape.length > 2 && !transA && !transBatchA) {
        return weightGradient(flat(a), flat(g), { alpha, transB });
      }
      const gradient = transB
        ? product(g, a, { alpha, transA: true, transB: transA, transBatchB: transBatchA })
        : product(a, g, { alpha, transA: !transA, transBatchA });
      return asStored(gradient, b, transBatchB);
    },
  ];
}

/** a [N, K], g [N, M] → [K, M], or [M, K] for a matrix that is used transposed. */
function weightGradient(a: Value, g: Value, { alpha, transB }: { alpha: number; transB: boolean }): Value {
  return transB ? product(g, a, { alpha, transA: true }) : product(a, g, { alpha, transA: true });
}

function flat(x: Value): Value {
  return reshape(x, [-1, x.shape.at(-1)!]);
}

/**
 * Converts a gradient [batch…, rows, columns] to the operand's layout, which may be [rows, batch…,
 * columns].
 */
function asStored(gradient: Value, operand: Value, transBatch: boolean): Value {
  const rank = operand.shape.length;
  if (!transBatch || rank < 3) return sumTo(gradient, operand.shape);
  const batches = operand.shape.slice(1, -1);
  const whole = sumTo(gradient, [...batches, operand.shape[0]!, operand.shape[rank - 1]!]);
  return transpose(whole, [rank - 2, ...batches.map((_, i) => i), rank - 1]);
}

/**
 * FusedMatMul for the types that the CPU provider supports (float32 and float16), otherwise the
 * same from plain ops.
 */
function product(a: Value, b: Value, options: Partial<FusedMatMulAttributes>): Value {
  if (a.dtype !== 'float64') return fusedMatMul(a, b, options);
  const left = arranged(a, options.transA ?? false, options.transBatchA ?? false);
  const right = arranged(b, options.transB ?? false, options.transBatchB ?? false);
  const result = matmul(left, right);
  return options.alpha === undefined || options.alpha === 1 ? result : mul(result, options.alpha);
}

function arranged(x: Value, transposed: boolean, transBatch: boolean): Value {
  const last = x.shape.length - 1;
  let axes = x.shape.map((_, i) => i);
  if (transBatch) axes = [...axes.slice(1, last), 0, last];
  if (transposed) axes = [...axes.slice(0, -2), axes[last]!, axes[last - 1]!];
  return axes.every((axis, i) => axis === i) ? x : transpose(x, axes);
}
