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
 * Reverse-mode differentiation: a walk over the nodes from last to first. It visits only nodes on a path from `wrt` to the
 * outputs, builds only gradients that are needed, sums what broadcasting repeated, and adds up the uses of a value.
 */

export interface OutputGradient {
  readonly value: Value;
  /** The gradient of what is differentiated at this value; same type and shape. */
  readonly gradient: Value;
}

/**
 * Emits the gradients of `wrt` into the same graph, one for each, of the same type and shape. Where nothing flows the answer is
 * zeros. Throws SHAPE_MISMATCH when an output's gradient does not have its type, BAD_ARGUMENT when something that is
 * not floating-point is asked for, and GRADIENT_MISSING where a needed rule does not exist.
 */
export function gradients(outputs: readonly OutputGradient[], wrt: readonly Value[]): Value[] {
  for (const value of wrt) requireFloat(value);
  const graph = (wrt[0] ?? outputs[0]?.value)?.graph;
  if (graph === undefined) return [];
  // The rules append nodes, so the walk covers only the original ones.
  const nodes = [...graph.nodes];
  const reached = reachedFrom(wrt, nodes);
  const flowing = new Map<Value, Value>();
  const flow = (value: Value, gradient: Value): void => {
    const sum = flowing.get(value);
    flowing.set(value, sum === undefined ? gradient : add(sum, gradient));
  };
  for (const { value, gradient } of outputs) {
    requireSameType(value, gradient);
    if (reached.has(value)) flow(value, gradient);
  }
  for (const node of nodes.toReversed()) {
    const arriving = node.outputs.map((output) => flowing.get(output));
    if (arriving.every((gradient) => gradient === undefined)) continue;
    if (!node.inputs.some((input) => reached.has(input))) continue;
    thunksOf(node as NodeOf<Op>, arriving).forEach((thunk, i) => {
      const input = node.inputs[i];
      if (thunk !== undefined && input !== undefined && reached.has(input))
        flow(input, sumTo(thunk(), input.shape));
    });
  }
  return wrt.map((value) => flowing.get(value) ?? zeros(graph, value.dtype, value.shape));
}

/** Whether a path of differentiable ops connects the value to any of these. */
export function dependsOn(value: Value, wrt: readonly Value[]): boolean {
  return reachedFrom(wrt, value.graph.nodes).has(value);
}

/** Every value that depends differentiably on one of these. */
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
  arriving: readonly (Value | undefined)[],
): readonly (Thunk | undefined)[] {
  const rule = RULES[node.op];
  return rule === NO_GRADIENT ? [] : rule(node, arriving);
}

function isFloat({ dtype }: Value): boolean {
  return FLOATS.includes(dtype);
}

function requireFloat(value: Value): void {
  if (isFloat(value)) return;
  throw new BrineError(
    'BAD_ARGUMENT',
    `the gradient by ${value.name}: ${describeType(value)} was asked for`,
    {
      hint: 'Only floating-point values have gradients.',
    },
  );
}

function requireSameType(value: Value, gradient: Value): void {
  if (value.dtype === gradient.dtype && sameShape(value.shape, gradient.shape)) return;
  throw new BrineError(
    'SHAPE_MISMATCH',
    `${value.name}: ${describeType(value)} was given a gradient of ${describeType(gradient)}`,
    { hint: 'An output and its gradient have one type and shape.' },
  );
}
