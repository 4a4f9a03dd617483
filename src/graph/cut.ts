import { BrineError } from '../base/errors.ts';
import { Graph, type Node, type Value } from './graph.ts';
import { FlowNetwork } from './min-cut.ts';

/**
 * Splits a graph into stages that run in sequence, each computing some of the outputs. A value that a later stage needs
 * from an earlier one is either carried (an output there, an input here) or recomputed. A minimum cut chooses the cheaper
 * combination: recomputing a node costs its work and requires its inputs, carrying a value costs its transfer. The cut is
 * optimal for each stage separately. (Chen et al. 2016 recompute between fixed checkpoints; Kirisame et al. and
 * functorch's min-cut partitioner choose them.)
 */
export interface CutCosts {
  /** Cost of recomputing a node's outputs. */
  readonly recompute: (node: Node) => number;
  /** Cost of carrying a value from one stage to a later one, in the same unit. */
  readonly carry: (value: Value) => number;
}

export interface Stage {
  readonly graph: Graph;
  /** Carried values that the stage reads and writes, besides inputs and outputs of the whole graph. */
  readonly takes: readonly Value[];
  readonly gives: readonly Value[];
}

/**
 * Cuts a graph into stages; `outputs` names the outputs of each stage. Inputs keep their names, and each stage has only
 * those it needs. Carried values are named by `carriedName`. Throws BAD_ARGUMENT unless every output is in exactly one
 * stage.
 */
export function cutGraph(graph: Graph, outputs: readonly (readonly string[])[], costs: CutCosts): Stage[] {
  const shares = outputs.map((names) => names.map((name) => outputOf(graph, name)));
  const named = new Set(outputs.flat());
  if (named.size !== outputs.flat().length || named.size !== graph.outputs.length) {
    throw new BrineError(
      'BAD_ARGUMENT',
      `the stages name ${outputs.flat().length} of ${graph.outputs.length} outputs of ${graph.name}`,
      {
        hint: 'Name every output of the graph in exactly one stage.',
      },
    );
  }
  /** The stage that computes a node first. */
  const computed = new Map<Node, number>();
  const plans = shares.map((share, at): StagePlan => {
    const carried = at === 0 ? new Set<Value>() : chooseCarried(share, computed, costs);
    const nodes = nodesBehind(share, carried);
    for (const node of nodes) if (!computed.has(node)) computed.set(node, at);
    return { carried, nodes };
  });
  const takers = plans.flatMap(({ carried }) => [...carried]);
  return plans.map(({ carried, nodes }, at) => {
    const gives = [...new Set(takers)].filter(({ node }) => computed.get(node!) === at);
    return buildStage(graph, { at, nodes, takes: [...carried], gives, names: outputs[at]! });
  });
}

/** Name of a carried value, as an output of one stage and an input of others. */
export function carriedName({ name }: Pick<Value, 'name'>): string {
  return `carried.${name}`;
}

interface StagePlan {
  readonly carried: ReadonlySet<Value>;
  readonly nodes: ReadonlySet<Node>;
}

/** Chooses the values of earlier stages that are carried to this one. */
function chooseCarried(
  share: readonly Value[],
  computed: ReadonlyMap<Node, number>,
  { recompute, carry }: CutCosts,
): Set<Value> {
  const network = new FlowNetwork();
  const [source, sink] = [network.vertex(), network.vertex()];
  const again = new Map<Node, number>(); // on the sink's side: computed again
  const needed = new Map<Value, number>(); // on the sink's side: needed here
  const queue: Node[] = [];
  const need = (value: Value): number => {
    const known = needed.get(value);
    if (known !== undefined) return known;
    const node = value.node!;
    if (!again.has(node)) {
      again.set(node, network.vertex());
      network.edge(source, again.get(node)!, recompute(node));
      queue.push(node);
    }
    needed.set(value, network.vertex());
    network.edge(again.get(node)!, needed.get(value)!, carry(value));
    return needed.get(value)!;
  };
  for (const value of borderOf(share, computed)) network.edge(need(value), sink, Infinity);
  for (const node of queue)
    for (const input of new Set(node.inputs))
      if (input.node) network.edge(need(input), again.get(node)!, Infinity);
  const kept = network.cut(source, sink);
  const isCarried = ([value, vertex]: readonly [Value, number]) =>
    kept.has(again.get(value.node!)!) && !kept.has(vertex);
  return new Set([...needed].filter(isCarried).map(([value]) => value));
}

/** Values computed by earlier stages that this stage's nodes read, or that are its outputs. */
function borderOf(share: readonly Value[], computed: ReadonlyMap<Node, number>): Set<Value> {
  const border = new Set<Value>();
  const seen = new Set<Node>();
  const queue = [...share];
  for (const value of queue) {
    const { node } = value;
    if (!node) continue;
    if (computed.has(node)) border.add(value);
    else if (!seen.has(node)) {
      seen.add(node);
      queue.push(...node.inputs);
    }
  }
  return border;
}

/** All nodes that the values depend on, stopping at carried values. */
function nodesBehind(share: readonly Value[], carried: ReadonlySet<Value>): Set<Node> {
  const found = new Set<Node>();
  const queue = [...share];
  for (const value of queue) {
    if (!value.node || carried.has(value) || found.has(value.node)) continue;
    found.add(value.node);
    queue.push(...value.node.inputs);
  }
  return found;
}

interface StageParts extends Omit<Stage, 'graph'> {
  readonly at: number;
  readonly nodes: ReadonlySet<Node>;
  /** Names of the outputs of the stage. */
  readonly names: readonly string[];
}

function buildStage(whole: Graph, { at, nodes, takes, gives, names }: StageParts): Stage {
  const graph = new Graph(`${whole.name} stage ${at}`);
  const own = new Map<Value, Value>();
  const used = new Set([...nodes].flatMap(({ inputs }) => inputs));
  for (const name of names) used.add(outputOf(whole, name));
  for (const input of whole.inputs) {
    if (used.has(input)) own.set(input, graph.input(input.name, input.dtype, input.shape));
  }
  for (const value of takes) own.set(value, graph.input(carriedName(value), value.dtype, value.shape));
  for (const value of whole.constants) {
    if (used.has(value)) own.set(value, graph.constant(value.constant!, value.name));
  }
  for (const node of whole.nodes) {
    if (!nodes.has(node)) continue;
    const outputs = graph.append({
      ...node,
      inputs: node.inputs.map((input) => own.get(input)!),
      types: node.outputs,
      names: node.outputs.map((output) => output.name),
    });
    // A carried value is not replaced, even if its node runs again for another output.
    node.outputs.forEach((output, i) => {
      if (!own.has(output)) own.set(output, outputs[i]!);
    });
  }
  for (const name of names) graph.output(name, own.get(outputOf(whole, name))!);
  for (const value of gives) graph.output(carriedName(value), own.get(value)!);
  return { graph, takes, gives };
}

function outputOf(graph: Graph, name: string): Value {
  const output = graph.outputs.find((one) => one.name === name);
  if (output) return output.value;
  throw new BrineError('BAD_ARGUMENT', `${graph.name} has no output ${name}`, {
    hint: `It has ${graph.outputs.map((one) => one.name).join(', ')}.`,
  });
}
