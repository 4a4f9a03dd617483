/**
 * Mixed precision (Micikevicius et al., arXiv 1710.03740). Matrix products have 16-bit operands and
 * results, and accumulate in float32. Everything else is float32: master weights, gradients,
 * optimizer, softmax, norms, the loss. This is a rewrite of the finished training graph. So model,
 * loss and autodiff are independent of it, and gradients of several uses add up in float32.
 */
import { cast, rewriteGraph, type Graph, type NodeOf, type Value } from '../../graph/index.ts';
import type { DType } from '../../tensor/dtype.ts';

export const PRECISIONS = ['float32', 'bf16', 'fp16'] as const;
export type ProductPrecision = (typeof PRECISIONS)[number];

/**
 * `native` products use the 16-bit type. ONNX Runtime's CPU provider has none for bf16, and runs
 * those of fp16 in float32 without rounding. There they are `imitated`: operands and results are
 * rounded around a float32 product. The results equal those of a device that accumulates in
 * float32, except for the order of additions.
 */
export type Kernels = 'native' | 'imitated';

const TYPES: Readonly<Record<Exclude<ProductPrecision, 'float32'>, DType>> = {
  bf16: 'bfloat16',
  fp16: 'float16',
};

/**
 * Rewrites a graph to compute its matrix products in this precision. An operand of several products
 * is rounded once.
 */
export function withProducts(
  graph: Graph,
  {
    precision,
    kernels = 'imitated',
  }: { precision: Exclude<ProductPrecision, 'float32'>; kernels?: Kernels | undefined },
): Graph {
  const type = TYPES[precision];
  const rounded = new Map<Value, Value>();
  const narrow = (value: Value): Value => {
    const low = cast(value, type);
    return kernels === 'native' ? low : cast(low, 'float32');
  };
  const operand = (value: Value): Value => {
    if (!rounded.has(value)) rounded.set(value, narrow(value));
    return rounded.get(value)!;
  };
  return rewriteGraph(graph, (node, inputs) => {
    if ((node.op !== 'MatMul' && node.op !== 'FusedMatMul') || !isMatrixProduct(node)) return undefined;
    const types = [
      { dtype: kernels === 'native' ? type : 'float32', shape: node.outputs[0]!.shape } as const,
    ];
    const [product] = inputs[0]!.graph.append({ ...node, inputs: inputs.map(operand), types });
    return [kernels === 'native' ? cast(product!, 'float32') : narrow(product!)];
  });
}

/**
 * False for a product with a vector: that is a sum (of a norm, a softmax, the head's rows), and
 * sums stay in float32.
 */
function isMatrixProduct({
  op,
  inputs,
  outputs,
  attributes,
}: NodeOf<'MatMul'> | NodeOf<'FusedMatMul'>): boolean {
  const { dtype, shape } = inputs[0]!;
  const inner =
    op === 'MatMul' || !attributes.transA ? shape.at(-1) : shape.at(attributes.transBatchA ? 0 : -2);
  const [rows, columns] = outputs[0]!.shape.slice(-2);
  return dtype === 'float32' && rows !== 1 && columns !== 1 && inner !== 1;
}
