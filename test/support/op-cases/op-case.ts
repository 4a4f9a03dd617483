/** The type and the building blocks of op cases. */
import * as ops from '../../../src/graph/index.ts';
import type { Graph, Op, Value } from '../../../src/graph/index.ts';
import type { DType, Shape } from '../../../src/tensor/dtype.ts';

/** A use of an op, for laws that apply to all ops. */
export interface OpCase {
  /** Floating-point inputs that the op reads, by shape. */
  readonly shapes: readonly Shape[];
  /** Default float64; another type if the CPU provider lacks a float64 kernel. */
  readonly dtype?: DType;
  /** Range of random inputs. Default [-1.5, 1.5]. */
  readonly between?: readonly [number, number];
  readonly build: (xs: readonly Value[], graph: Graph) => Value | readonly Value[];
}

/** Cases by op. */
export type Cases = { readonly [O in Op]?: readonly OpCase[] };

export const unary = (op: (x: Value) => Value, rest: Partial<OpCase> = {}): readonly OpCase[] => [
  { shapes: [[2, 3]], build: ([x]) => op(x!), ...rest },
];

export const int64 = (graph: Graph, shape: Shape, data: readonly number[]): Value =>
  ops.constant(graph, 'int64', shape, data);
