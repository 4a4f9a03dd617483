/** Liveness analysis: peak memory of a graph's intermediate values. */
import { BYTES_OF, sizeOf } from '../tensor/dtype.ts';
import type { Graph, Node, Value } from './graph.ts';

/** Ops whose output shares the memory of their input. */
const VIEWS: ReadonlySet<string> = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Identity', 'Flatten']);

/**
 * Peak bytes of live intermediate values when each node runs once, in ONNX Runtime's order, and a
 * value lives until its last reader has run. Inputs, constants and outputs are not counted, because
 * the caller owns them.
 */
export function peakBytes(graph: Graph): number {
  const storageOf = new Map<Value, Value>();
  const storage = (value: Value): Value => storageOf.get(value) ?? value;
  for (const node of graph.nodes) {
    if (VIEWS.has(node.op)) storageOf.set(node.outputs[0]!, storage(node.inputs[0]!));
  }
  const outputStorage = new Set<Value>(graph.outputs.map(({ value }) => storage(value)));
  const readers = new Map<Value, number>();
  const reads = ({ inputs }: Node) => new Set(inputs.map(storage));
  for (const node of graph.nodes) {
    for (const value of reads(node)) readers.set(value, (readers.get(value) ?? 0) + 1);
  }
  let [live, peak] = [0, 0];
  for (const node of executionOrder(graph)) {
    for (const value of node.outputs) if (isOwn(value, { storage, outputStorage })) live += bytesOf(value);
    peak = Math.max(peak, live);
    for (const value of reads(node)) {
      const left = readers.get(value)! - 1;
      readers.set(value, left);
      if (left === 0 && isOwn(value, { storage, outputStorage })) live -= bytesOf(value);
    }
    for (const value of node.outputs) {
      if (isOwn(value, { storage, outputStorage }) && !readers.has(value)) live -= bytesOf(value);
    }
  }
  return peak;
}

/**
 * The order in which ONNX Runtime's sequential executor runs nodes (GraphViewer's ReverseDFSFrom): depth first from the
 * nodes without readers, the last of them first, visiting the most recently created producer of each node first. Sums
 * over chunks are therefore accumulated chunk by chunk.
 */
function executionOrder(graph: Graph): Node[] {
  const places = new Map(graph.nodes.map((node, at) => [node, at]));
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  const stack = graph.nodes
    .filter(({ outputs }) => !outputs.some((value) => read.has(value)))
    .map((node) => ({ node, ready: false }));
  const seen = new Set<Node>();
  const order: Node[] = [];
  for (let last = stack.pop(); last; last = stack.pop()) {
    const { node, ready } = last;
    if (ready) order.push(node);
    if (ready || seen.has(node)) continue;
    seen.add(node);
    stack.push({ node, ready: true });
    const feeds = new Set(node.inputs.flatMap((value) => value.node ?? []));
    for (const feed of [...feeds].toSorted((a, b) => places.get(a)! - places.get(b)!)) {
      if (!seen.has(feed)) stack.push({ node: feed, ready: false });
    }
  }
  return order;
}

/** Whether the runtime allocates and frees memory for this value alone. */
function isOwn(
  value: Value,
  { storage, outputStorage }: { storage: (value: Value) => Value; outputStorage: ReadonlySet<Value> },
): boolean {
  return value.node !== undefined && storage(value) === value && !outputStorage.has(value);
}

function bytesOf({ dtype, shape }: Value): number {
  return BYTES_OF[dtype] * sizeOf(shape);
}
