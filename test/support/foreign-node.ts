import { InferenceSession, Tensor } from 'onnxruntime-node';
import { int64, tensorMessage, typeMessage } from '../../src/graph/onnx/tensors.ts';
import { sizeOf, type DType, type Shape, type TensorData } from '../../src/tensor/dtype.ts';
import { brine } from '../../src/wire/generated/onnx.js';

/** Builds foreign models of one node, and runs them in ONNX Runtime. */

export type Attribute = number | string | readonly number[] | { readonly float: number };

/** A floating-point input, a tensor inside the model, or an omitted input. */
export type Operand =
  | { readonly shape: Shape; readonly dtype?: DType; readonly between?: readonly [number, number] }
  | TensorData
  | undefined;

export interface ForeignNode {
  readonly op: string;
  readonly domain?: string;
  readonly opset?: number;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly operands: readonly Operand[];
  /** Number of outputs that the node names. Default 1. */
  readonly outputs?: number;
}

const { FLOAT, INT, STRING, INTS } = brine.onnx.AttributeProto.AttributeType;

export function modelOf(node: ForeignNode): Uint8Array {
  const { op, domain = '', opset = 20, attributes = {}, operands, outputs = 1 } = node;
  const names = operands.map((operand, i) => (operand === undefined ? '' : `x${i}`));
  const results = Array.from({ length: outputs }, (_, i) => `y${i}`);
  const graph: brine.onnx.IGraphProto = {
    name: 'foreign',
    input: operands.flatMap((operand, i) =>
      operand === undefined || 'data' in operand
        ? []
        : [
            {
              name: names[i]!,
              type: typeMessage({ dtype: operand.dtype ?? 'float32', shape: operand.shape }),
            },
          ],
    ),
    initializer: operands.flatMap((operand, i) =>
      operand !== undefined && 'data' in operand ? [tensorMessage(names[i]!, operand)] : [],
    ),
    node: [
      {
        opType: op,
        name: 'node',
        domain,
        input: names,
        output: results,
        attribute: Object.entries(attributes).map(([name, value]) => ({ name, ...attributeOf(value) })),
      },
    ],
    output: results.map((name) => ({ name })),
  };
  const opsetImport = [
    { domain: '', version: int64(opset) },
    { domain: 'com.microsoft', version: int64(1) },
  ];
  return brine.onnx.ModelProto.encode({ irVersion: int64(9), opsetImport, graph }).finish();
}

function attributeOf(value: Attribute): brine.onnx.IAttributeProto {
  if (typeof value === 'number') return { type: INT, i: int64(value) };
  if (typeof value === 'string') return { type: STRING, s: Buffer.from(value) };
  return 'float' in value
    ? { type: FLOAT, f: value.float }
    : { type: INTS, ints: value.map((one) => int64(one)) };
}

export const ints = (...values: readonly (number | bigint)[]): TensorData => ({
  dtype: 'int64',
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

export const shaped = (tensor: TensorData, shape: Shape): TensorData => ({ ...tensor, shape });

export const float = (value: number): TensorData => ({
  dtype: 'float32',
  shape: [],
  data: Float32Array.of(value),
});

/** Numbers spread over a range, none of them close to another or to an integer. */
export function spread(shape: Shape, [low, high]: readonly [number, number], salt: number): Float32Array {
  const size = sizeOf(shape);
  return Float32Array.from({ length: size }, (_, i) => {
    const slot = (i * 7 + salt * 5 + 3) % size;
    const place = size % 7 === 0 ? i : slot;
    return low + ((high - low) * (place + 0.37 + 0.11 * Math.sin(salt + i))) / size;
  });
}

/** Runs a model once, without optimizations. */
export async function runModel(bytes: Uint8Array): Promise<{
  run: (feeds: Readonly<Record<string, TensorData>>) => Promise<Record<string, TensorData>>;
  close: () => Promise<void>;
}> {
  const session = await InferenceSession.create(bytes, {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  return {
    async run(feeds) {
      const given = Object.entries(feeds).map(([name, { dtype, shape, data }]) => [
        name,
        new Tensor(dtype as 'float32', data as Float32Array, [...shape]),
      ]);
      const found = await session.run(Object.fromEntries(given) as Record<string, Tensor>);
      return Object.fromEntries(
        Object.entries(found).map(([name, { type, dims, data }]) => [
          name,
          { dtype: type, shape: dims, data } as unknown as TensorData,
        ]),
      );
    },
    close: () => session.release(),
  };
}
