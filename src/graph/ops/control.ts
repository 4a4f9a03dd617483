import { emitter, operandMismatch, sameShape, type Family } from '../definition.ts';
import { Graph, type Value } from '../graph.ts';
import type { ControlOp } from './attributes.ts';

/** Ops with an inner graph. */

export const CONTROL: Family<ControlOp> = {
  Scan: {
    arity: [2, Number.POSITIVE_INFINITY],
    fields: {
      body: { kind: 'graph', name: 'body' },
      stacks: { kind: 'int', name: 'num_scan_inputs' },
    },
    infer: (inputs, { body, stacks }, op) => {
      const states = body.outputs.length;
      if (states < 1 || stacks < 1)
        throw operandMismatch(op, inputs, 'needs at least one state and one stack');
      if (body.inputs.length !== inputs.length || states + stacks > inputs.length)
        throw operandMismatch(op, inputs, `has a body of ${body.inputs.length} inputs`);
      const [first] = inputs[states]!.shape;
      inputs.forEach(({ dtype, shape }, at) => {
        const stacked = at >= states && at < states + stacks;
        if (stacked && (shape.length === 0 || shape[0] !== first))
          throw operandMismatch(op, inputs, 'needs stacks of equal length');
        const inner = body.inputs[at]!;
        if (dtype !== inner.dtype || !sameShape(stacked ? shape.slice(1) : shape, inner.shape))
          throw operandMismatch(op, inputs, `does not fit input ${at} of its body`);
      });
      return body.outputs.map(({ value }, at) => {
        const { dtype, shape } = inputs[at]!;
        if (value.dtype !== dtype || !sameShape(value.shape, shape))
          throw operandMismatch(op, inputs, `has a body that changes the type of state ${at}`);
        return { dtype, shape };
      });
    },
  },
};

const emit = emitter(CONTROL);

export interface ScanInputs {
  /** Initial values of the states, which each step passes to the next. */
  readonly states: readonly Value[];
  /**
   * [steps, …] each. All have the same number of steps, which may be known only at run time
   * (Graph.stack).
   */
  readonly stacks: readonly Value[];
  /** Values that every step reads unchanged, without a copy. */
  readonly captured?: readonly Value[];
}

/**
 * The inputs of one step in the inner graph: a value for each one of ScanInputs, with a slice for
 * each stack.
 */
export interface ScanStep {
  readonly graph: Graph;
  readonly states: readonly Value[];
  readonly slices: readonly Value[];
  readonly captured: readonly Value[];
}

/**
 * Runs a body once for each step, in order, on the next slice of every stack. Returns the states
 * after the last step. `build` emits the body into a graph of its own, where it may use only the
 * inputs of the step, and returns the next states. Scan has no gradient.
 */
export function scan(
  { states, stacks, captured = [] }: ScanInputs,
  build: (step: ScanStep) => readonly Value[],
): readonly Value[] {
  const inputs = [...states, ...stacks, ...captured];
  if (inputs.length === 0) throw operandMismatch('Scan', inputs, 'needs at least one state and one stack');
  const body = new Graph('step');
  const inner = (values: readonly Value[], name: string, from: number) =>
    values.map(({ dtype, shape }, at) => body.input(`${name}_${at}`, dtype, shape.slice(from)));
  const step = {
    graph: body,
    states: inner(states, 'state', 0),
    slices: inner(stacks, 'slice', 1),
    captured: inner(captured, 'captured', 0),
  };
  build(step).forEach((next, at) => body.output(`next_${at}`, next));
  return emit('Scan', inputs, { body, stacks: stacks.length });
}
