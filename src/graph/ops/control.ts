import { emitter, misfit, sameShape, type Family } from '../definition.ts';
import { Graph, type Value } from '../graph.ts';
import type { ControlOp } from './attributes.ts';

/** Ops that hold a graph of their own. */

export const CONTROL: Family<ControlOp> = {
  Scan: {
    arity: [2, Number.POSITIVE_INFINITY],
    fields: {
      body: { kind: 'graph', name: 'body' },
      stacks: { kind: 'int', name: 'num_scan_inputs' },
    },
    infer: (inputs, { body, stacks }, op) => {
      const states = body.outputs.length;
      if (states < 1 || stacks < 1) throw misfit(op, inputs, 'wants at least one state and one stack');
      if (body.inputs.length !== inputs.length || states + stacks > inputs.length)
        throw misfit(op, inputs, `has a body of ${body.inputs.length} inputs`);
      const [first] = inputs[states]!.shape;
      inputs.forEach(({ dtype, shape }, at) => {
        const stacked = at >= states && at < states + stacks;
        if (stacked && (shape.length === 0 || shape[0] !== first))
          throw misfit(op, inputs, 'wants stacks of one length');
        const inner = body.inputs[at]!;
        if (dtype !== inner.dtype || !sameShape(stacked ? shape.slice(1) : shape, inner.shape))
          throw misfit(op, inputs, `does not fit input ${at} of its body`);
      });
      return body.outputs.map(({ value }, at) => {
        const { dtype, shape } = inputs[at]!;
        if (value.dtype !== dtype || !sameShape(value.shape, shape))
          throw misfit(op, inputs, `has a body that changes the type of state ${at}`);
        return { dtype, shape };
      });
    },
  },
};

const emit = emitter(CONTROL);

export interface ScanInputs {
  /** What is handed from step to step: the values before the first one. */
  readonly states: readonly Value[];
  /** [steps, …], of one number of steps, which may be known only at run time (Graph.stack). */
  readonly stacks: readonly Value[];
  /** Values of the graph that every step reads as they are; they are not copied. */
  readonly captured?: readonly Value[];
}

/** One step as its graph sees it: a value for each of ScanInputs', a stack's without the leading axis. */
export interface ScanStep {
  readonly graph: Graph;
  readonly states: readonly Value[];
  readonly slices: readonly Value[];
  readonly captured: readonly Value[];
}

/**
 * Runs the body once a step, in order, each over the next slice of every stack; the states after the last step. The body is a graph
 * of its own: it may use only what the step gives it, and answers with the next states. There is no gradient through it.
 */
export function scan(
  { states, stacks, captured = [] }: ScanInputs,
  build: (step: ScanStep) => readonly Value[],
): readonly Value[] {
  const inputs = [...states, ...stacks, ...captured];
  if (inputs.length === 0) throw misfit('Scan', inputs, 'wants at least one state and one stack');
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
