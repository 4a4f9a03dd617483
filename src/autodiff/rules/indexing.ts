import { sizeOf } from '../../tensor/dtype.ts';
import {
  add,
  constant,
  expand,
  gatherElements,
  gatherND,
  less,
  mul,
  reduceSum,
  reshape,
  scatterElements,
  scatterND,
  transpose,
  where,
  zeros,
  type NodeOf,
  type Value,
} from '../../graph/index.ts';
import type { IndexingOp } from '../../graph/ops/attributes.ts';
import { missing, type Rules } from '../rule.ts';

/**
 * The gradient of a read is an addition at the same indices, and vice versa. ONNX Runtime's
 * ScatterND adds from several threads without a lock, so repeated indices lose updates; its
 * ScatterElements does not. So all additions use ScatterElements, over rows.
 */

export const INDEXING_RULES: Rules<IndexingOp> = {
  Gather: (node, [g]) => [() => gatherGradient(node, g!), undefined],
  GatherElements: ({ inputs: [x, indices], attributes: { axis } }, [g]) => [
    () => scatterElements(zerosLike(x!), { indices: indices!, updates: g!, axis, reduction: 'add' }),
    undefined,
  ],
  GatherND: (node, [g]) => [() => gatherNDGradient(node, g!), undefined],
  ScatterElements: ({ inputs: [, indices, updates], attributes: { axis, reduction } }, [g]) => {
    if (reduction !== 'none' && reduction !== 'add') {
      const unsupported = missing(`ScatterElements with reduction ${reduction}`);
      return [unsupported, undefined, unsupported];
    }
    const erased = () => scatterElements(g!, { indices: indices!, updates: zerosLike(updates!), axis });
    return [reduction === 'add' ? () => g! : erased, undefined, () => gatherElements(g!, indices!, axis)];
  },
  ScatterND: ({ inputs: [, indices, updates], attributes: { reduction } }, [g]) => {
    if (reduction !== 'none' && reduction !== 'add') {
      const unsupported = missing(`ScatterND with reduction ${reduction}`);
      return [unsupported, undefined, unsupported];
    }
    const erased = () => scatterND(g!, { indices: indices!, updates: zerosLike(updates!) });
    return [reduction === 'add' ? () => g! : erased, undefined, () => gatherND(g!, indices!)];
  },
};

function zerosLike(x: Value): Value {
  return zeros(x.graph, x.dtype, x.shape);
}

/**
 * Adds rows of the gradient to rows of zeros. An axis other than the first is moved to the front.
 */
function gatherGradient({ inputs, attributes: { axis } }: NodeOf<'Gather'>, g: Value): Value {
  const [x, indices] = [inputs[0]!, inputs[1]!];
  const depth = indices.shape.length;
  const others = x.shape.map((_, i) => i).filter((i) => i !== axis);
  // g is [before…, indices…, after…] → [indices…, before…, after…]
  const front = g.shape.map((_, i) => i).slice(axis, axis + depth);
  const rest = g.shape.map((_, i) => i).filter((i) => !front.includes(i));
  const updates = axis === 0 ? g : transpose(g, [...front, ...rest]);
  const rows = x.shape[axis]!;
  const summed = reshape(addRows(rows, indices, updates), [rows, ...others.map((i) => x.shape[i]!)]);
  if (axis === 0) return summed;
  const back = x.shape.map((_, i) => (i === axis ? 0 : others.indexOf(i) + 1));
  return transpose(summed, back);
}

/** Converts the index tuples to row numbers of x as [rows, elements of a tuple]. */
function gatherNDGradient({ inputs }: NodeOf<'GatherND'>, g: Value): Value {
  const [x, indices] = [inputs[0]!, inputs[1]!];
  const indexed = x.shape.slice(0, indices.shape.at(-1)); // the axes that a tuple indexes
  const strides = indexed.map((_, i) => sizeOf(indexed.slice(i + 1)));
  const strided = mul(fromFront(indices, indexed), constant(x.graph, 'int64', [strides.length], strides));
  const rowNumbers = reduceSum(strided, { axes: [indices.shape.length - 1] });
  return reshape(addRows(sizeOf(indexed), rowNumbers, g), x.shape);
}

/** Makes negative indices [..., depth] count from the front, as row numbers require. */
function fromFront(indices: Value, extents: readonly number[]): Value {
  const given = indices.constant?.data as BigInt64Array | undefined;
  if (given?.every((index) => index >= 0n)) return indices;
  const ends = constant(indices.graph, 'int64', [extents.length], extents);
  return where(less(indices, 0), add(indices, ends), indices);
}

/** Adds the updates [indices…, S] to zeros [rows, S] at their row numbers. */
function addRows(rows: number, indices: Value, updates: Value): Value {
  const count = sizeOf(indices.shape);
  const width = sizeOf(updates.shape) / Math.max(1, count);
  return scatterElements(zeros(updates.graph, updates.dtype, [rows, width]), {
    indices: expand(reshape(indices, [count, 1]), [count, width]),
    updates: reshape(updates, [count, width]),
    reduction: 'add',
  });
}
