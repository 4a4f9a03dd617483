import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  add,
  check,
  concat,
  cutGraph,
  Graph,
  mul,
  neg,
  split,
  type CutCosts,
  type Node,
  type Stage,
  type Value,
} from '../../src/graph/index.ts';
import { hashText } from '../../src/base/random.ts';
import { FlowNetwork } from '../../src/graph/min-cut.ts';
import type { TensorData } from '../../src/tensor/dtype.ts';
import { evaluate } from '../support/probe.ts';

const picks = (most: number) =>
  fc.array(fc.record({ op: fc.nat(3), a: fc.nat(99), b: fc.nat(99) }), { minLength: 3, maxLength: most });

/** A graph of small nodes over earlier values, with some values as outputs of three stages. */
const randomGraph = (most: number) =>
  fc
    .record({
      nodes: picks(most),
      outputs: fc.array(fc.record({ of: fc.nat(99), stage: fc.nat(2) }), { minLength: 2, maxLength: 6 }),
      weights: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 40, maxLength: 40 }),
    })
    .map(({ nodes, outputs, weights }) => ({ ...build(nodes, outputs), costs: costsFrom(weights) }));

function build(
  nodes: readonly { op: number; a: number; b: number }[],
  outputs: readonly { of: number; stage: number }[],
) {
  const graph = new Graph('random');
  const values: Value[] = [graph.input('x', 'float32', [4]), graph.input('y', 'float32', [4])];
  for (const { op, a, b } of nodes) {
    const [left, right] = [values[a % values.length]!, values[b % values.length]!];
    if (op === 0) values.push(add(left, right));
    else if (op === 1) values.push(mul(left, right));
    else if (op === 2) values.push(neg(left));
    else {
      const [first, second] = split(left, [2, 2], 0); // a node with two outputs
      values.push(concat([second!, first!], 0), concat([first!, neg(first!)], 0));
    }
  }
  const stages: string[][] = [[], [], []];
  outputs.forEach(({ of, stage }, i) => {
    graph.output(`out${i}`, values[of % values.length]!);
    stages[stage]!.push(`out${i}`);
  });
  return { graph, stages };
}

/** Costs by the names of nodes and values, so that a node costs the same in every stage. */
function costsFrom(weights: readonly number[]): CutCosts {
  const number = (name: string) => hashText(name) % weights.length;
  return {
    recompute: (node) => weights[number(node.outputs[0]!.name)]!,
    carry: (value) => weights[number(`${value.name} `)]!,
  };
}

const FREE = 1e-9;

async function runStages(stages: readonly Stage[], feeds: Readonly<Record<string, TensorData>>) {
  const known: Record<string, TensorData> = { ...feeds };
  for (const { graph } of stages) {
    if (graph.outputs.length === 0) continue;
    const given = graph.inputs.map(({ name }) => [name, known[name]!] as const);
    Object.assign(known, await evaluate(graph, Object.fromEntries(given)));
  }
  return known;
}

test('consecutive stages give the results of the whole graph, bit for bit, for any values carried between them', async () => {
  const feeds: Record<string, TensorData> = {
    x: { dtype: 'float32', shape: [4], data: Float32Array.of(0.3, -1.7, 2.2, 0.1) },
    y: { dtype: 'float32', shape: [4], data: Float32Array.of(-0.9, 1.1, 0.7, -0.4) },
  };
  await fc.assert(
    fc.asyncProperty(
      randomGraph(14),
      fc.constantFrom('mixed', 'carry', 'recompute'),
      async ({ graph, stages, costs }, kind) => {
        const chosen: CutCosts = {
          mixed: costs,
          carry: { recompute: () => 1, carry: () => FREE },
          recompute: { recompute: () => FREE, carry: () => 1 },
        }[kind];
        const parts = cutGraph(graph, stages, chosen);
        for (const part of parts) check(part.graph);
        const taken = parts.reduce((sum, { takes }) => sum + takes.length, 0);
        if (kind === 'recompute') assert.equal(taken, 0);
        const found = await runStages(parts, feeds);
        for (const [name, { data }] of Object.entries(await evaluate(graph, feeds))) {
          assert.deepEqual(found[name]!.data, data, name);
        }
      },
    ),
    { numRuns: 60, seed: 1 },
  );
});

test('no other choice of recomputed values costs less', () => {
  fc.assert(
    fc.property(randomGraph(7), ({ graph, stages, costs }) => {
      const [first, second] = cutGraph(graph, [stages[0]!, [...stages[1]!, ...stages[2]!]], costs);
      const before = new Set(first!.graph.nodes.map(nameOf));
      const own = graph.nodes.filter((node) =>
        second!.graph.nodes.some((one) => nameOf(one) === nameOf(node)),
      );
      const again = own.filter((node) => before.has(nameOf(node)));
      const cost = sum(again.map(costs.recompute)) + sum(second!.takes.map(costs.carry));
      const earlier = graph.nodes.filter((node) => before.has(nameOf(node)));
      assert.equal(cost, cheapest(earlier, border(graph, [...stages[1]!, ...stages[2]!], before), costs));
    }),
    { numRuns: 200, seed: 2 },
  );
});

const nameOf = (node: Node) => node.outputs[0]!.name;
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/**
 * The values computed by nodes of `before` that the outputs, or other nodes that the outputs depend
 * on, read.
 */
function border(graph: Graph, names: readonly string[], before: ReadonlySet<string>): Set<Value> {
  const found = new Set<Value>();
  const queue = graph.outputs.filter(({ name }) => names.includes(name)).map(({ value }) => value);
  for (const value of queue) {
    if (!value.node) continue;
    if (before.has(nameOf(value.node))) found.add(value);
    else queue.push(...value.node.inputs);
  }
  return found;
}

/** Tries every set of nodes. */
function cheapest(
  earlier: readonly Node[],
  needed: ReadonlySet<Value>,
  { recompute, carry }: CutCosts,
): number {
  let least = Infinity;
  for (let set = 0; set < 2 ** earlier.length; set += 1) {
    const again = new Set(earlier.filter((_, i) => (set >> i) & 1));
    const read = new Set([
      ...needed,
      ...[...again].flatMap(({ inputs }) => inputs.filter(({ node }) => node)),
    ]);
    const carried = [...read].filter(({ node }) => !again.has(node!));
    least = Math.min(least, sum([...again].map(recompute)) + sum(carried.map(carry)));
  }
  return least;
}

test('the minimum cut of a network is the cheapest of all cuts', () => {
  const networks = fc.array(fc.record({ from: fc.nat(5), to: fc.nat(5), capacity: fc.nat(9) }), {
    maxLength: 14,
  });
  fc.assert(
    fc.property(networks, (edges) => {
      const network = new FlowNetwork();
      const vertices = Array.from({ length: 6 }, () => network.vertex());
      for (const { from, to, capacity } of edges) network.edge(from, to, capacity);
      const kept = network.cut(0, 5);
      const costOf = (side: (vertex: number) => boolean) =>
        sum(edges.filter(({ from, to }) => side(from) && !side(to)).map(({ capacity }) => capacity));
      const all = Array.from({ length: 16 }, (_, set) =>
        costOf((v) => v === 0 || (v !== 5 && ((set >> (v - 1)) & 1) === 1)),
      );
      assert.ok(kept.has(0) && !kept.has(5));
      assert.equal(
        costOf((vertex) => kept.has(vertex)),
        Math.min(...all),
      );
      assert.equal(vertices.length, 6);
    }),
    { numRuns: 500, seed: 3 },
  );
});

test('an output in no stage or in two stages is refused', () => {
  const graph = new Graph('small');
  const x = graph.input('x', 'float32', [4]);
  graph.output('a', neg(x));
  graph.output('b', add(x, x));
  const costs: CutCosts = { recompute: () => 1, carry: () => 1 };
  const refused = { code: 'BAD_ARGUMENT' };
  assert.throws(() => cutGraph(graph, [['a']], costs), refused);
  assert.throws(() => cutGraph(graph, [['a', 'b'], ['b']], costs), refused);
  assert.throws(() => cutGraph(graph, [['a', 'b', 'c']], costs), refused);
});
