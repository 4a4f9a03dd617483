/**
 * Mixed precision (Micikevicius et al., arXiv 1710.03740): matrix products take and give 16-bit numbers and add in float32; everything
 * else is float32: master weights, gradients, optimizer, softmax, norms, the loss. It is a change of the finished training graph, so
 * model, loss and autodiff know nothing of it, and gradients of several uses add up in float32.
 */
import { cast, rewriteGraph, type Graph, type NodeOf, type Value } from '../../graph/index.ts';
import type { DType } from '../../tensor/dtype.ts';

export const PRECISIONS = ['float32', 'bf16', 'fp16'] as const;
export type Precision = (typeof PRECISIONS)[number];

/**
 * `native` products are of the 16-bit type. ONNX Runtime's CPU provider has none for bf16, and runs those of fp16 in float32, unrounded:
 * there they are `imitated` by rounding what goes in and what comes out, around products in float32. The numbers are those of a device
 * that adds in float32, but for the order of the additions.
 */
export type Kernels = 'native' | 'imitated';

const TYPES: Readonly<Record<Exclude<Precision, 'float32'>, DType>> = { bf16: 'bfloat16', fp16: 'float16' };

/** The graph with its matrix products in this precision. What several products read is rounded once. */
export function withProducts(
  graph: Graph,
  {
    precision,
    kernels = 'imitated',
  }: { precision: Exclude<Precision, 'float32'>; kernels?: Kernels | undefined },
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

/** A product with a vector is a sum (of a norm, of a softmax, of the head's rows), and sums stay in float32. */
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
