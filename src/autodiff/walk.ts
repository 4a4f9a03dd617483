import { BrineError } from '../base/errors.ts';
import {
  add,
  describeType,
  FLOATS,
  sameShape,
  zeros,
  type Node,
  type NodeOf,
  type Op,
  type Value,
} from '../graph/index.ts';
import { NO_GRADIENT, sumTo, type Thunk } from './rule.ts';
import { RULES } from './rules.ts';

/**
 * Reverse-mode differentiation: a walk over the nodes from last to first. It visits only nodes on a
 * path from `wrt` to the outputs and emits only the gradients that are needed. It sums gradients
 * over broadcast axes, and over all uses of a value.
 */

export interface OutputGradient {
  readonly value: Value;
  /** Gradient of the objective at this value, of the same type and shape. */
  readonly gradient: Value;
}

/**
 * Emits the gradients of `wrt` into the same graph: one for each value, of the same type and shape.
 * The gradient is zeros if no output depends on the value. Throws SHAPE_MISMATCH if the gradient of
 * an output has another type, BAD_ARGUMENT if a value of `wrt` is not floating-point, and
 * GRADIENT_MISSING if a needed rule does not exist.
 */
export function gradients(outputs: readonly OutputGradient[], wrt: readonly Value[]): Value[] {
  for (const value of wrt) requireFloat(value);
  const graph = (wrt[0] ?? outputs[0]?.value)?.graph;
  if (graph === undefined) return [];
  // The rules append nodes, so the walk covers only the original ones.
  const nodes = [...graph.nodes];
  const reached = reachedFrom(wrt, nodes);
  const accumulated = new Map<Value, Value>();
  const accumulate = (value: Value, gradient: Value): void => {
    const sum = accumulated.get(value);
    accumulated.set(value, sum === undefined ? gradient : add(sum, gradient));
  };
  for (const { value, gradient } of outputs) {
    requireSameType(value, gradient);
    if (reached.has(value)) accumulate(value, gradient);
  }
  for (const node of nodes.toReversed()) {
    const outputGradients = node.outputs.map((output) => accumulated.get(output));
    if (outputGradients.every((gradient) => gradient === undefined)) continue;
    if (!node.inputs.some((input) => reached.has(input))) continue;
    thunksOf(node as NodeOf<Op>, outputGradients).forEach((thunk, i) => {
      const input = node.inputs[i];
      if (thunk !== undefined && input !== undefined && reached.has(input))
        accumulate(input, sumTo(thunk(), input.shape));
    });
  }
  return wrt.map((value) => accumulated.get(value) ?? zeros(graph, value.dtype, value.shape));
}

/** Whether a path of differentiable ops leads from one of these to the value. */
export function dependsOn(value: Value, wrt: readonly Value[]): boolean {
  return reachedFrom(wrt, value.graph.nodes).has(value);
}

/** All values that depend differentiably on one of these. */
function reachedFrom(wrt: readonly Value[], nodes: readonly Node[]): ReadonlySet<Value> {
  const reached = new Set(wrt);
  for (const node of nodes) {
    if (RULES[node.op] === NO_GRADIENT || !node.inputs.some((input) => reached.has(input))) continue;
    for (const output of node.outputs) if (isFloat(output)) reached.add(output);
  }
  return reached;
}

function thunksOf<O extends Op>(
  node: NodeOf<O>,
  outputGradients: readonly (Value | undefined)[],
): readonly (Thunk | undefined)[] {
  const rule = RULES[node.op];
  return rule === NO_GRADIENT ? [] : rule(node, outputGradients);
}

function isFloat({ dtype }: Value): boolean {
  return FLOATS.includes(dtype);
}

function requireFloat(value: Value): void {
  if (isFloat(value)) return;
  throw new BrineError(
    'BAD_ARGUMENT',
    `cannot differentiate with respect to ${value.name}: ${describeType(value)}`,
    {
      hint: 'Only floating-point values have gradients.',
    },
  );
}

function requireSameType(value: Value, gradient: Value): void {
  if (value.dtype === gradient.dtype && sameShape(value.shape, gradient.shape)) return;
  throw new BrineError(
    'SHAPE_MISMATCH',
    `${value.name}: ${describeType(value)} has a gradient of type ${describeType(gradient)}`,
    { hint: 'Give an output a gradient of its own type and shape.' },
  );
}
