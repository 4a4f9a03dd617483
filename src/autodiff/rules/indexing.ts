import {
  cast,
  gatherElements,
  gatherND,
  reshape,
  scatterElements,
  scatterND,
  transpose,
  zeros,
  type NodeOf,
  type Value,
} from '../../graph/index.ts';
import type { IndexingOp } from '../../graph/ops/indexing.ts';
import { missing, type Rules } from '../rule.ts';

/** Gradients of reading are adding at the same indices, and the other way round. */

export const INDEXING_RULES: Rules<IndexingOp> = {
  Gather: (node, [g]) => [() => gatherGradient(node, g!), undefined],
  GatherElements: ({ inputs: [x, indices], attributes: { axis } }, [g]) => [
    () => scatterElements(zerosLike(x!), { indices: indices!, updates: g!, axis, reduction: 'add' }),
    undefined,
  ],
  GatherND: ({ inputs: [x, indices] }, [g]) => [
    () => scatterND(zerosLike(x!), { indices: indices!, updates: g!, reduction: 'add' }),
    undefined,
  ],
  ScatterElements: ({ inputs: [, indices, updates], attributes: { axis, reduction } }, [g]) => {
    if (reduction !== 'none' && reduction !== 'add') {
      const gap = missing(`ScatterElements with reduction ${reduction}`);
      return [gap, undefined, gap];
    }
    const erased = () => scatterElements(g!, { indices: indices!, updates: zerosLike(updates!), axis });
    return [reduction === 'add' ? () => g! : erased, undefined, () => gatherElements(g!, indices!, axis)];
  },
  ScatterND: ({ inputs: [, indices, updates], attributes: { reduction } }, [g]) => {
    if (reduction !== 'none' && reduction !== 'add') {
      const gap = missing(`ScatterND with reduction ${reduction}`);
      return [gap, undefined, gap];
    }
    const erased = () => scatterND(g!, { indices: indices!, updates: zerosLike(updates!) });
    return [reduction === 'add' ? () => g! : erased, undefined, () => gatherND(g!, indices!)];
  },
};

function zerosLike(x: Value): Value {
  return zeros(x.graph, x.dtype, x.shape);
}

/** Adds rows of the gradient to rows of zeros; for another axis than the first, that axis is brought to the front. */
function gatherGradient({ inputs, attributes: { axis } }: NodeOf<'Gather'>, g: Value): Value {
  const [x, indices] = [inputs[0]!, inputs[1]!];
  const tuples = reshape(cast(indices, 'int64'), [...indices.shape, 1]);
  const rank = x.shape.length;
  const depth = indices.shape.length;
  const others = x.shape.map((_, i) => i).filter((i) => i !== axis);
  // g is [before…, indices…, after…] → [indices…, before…, after…]
  const front = g.shape.map((_, i) => i).slice(axis, axis + depth);
  const rest = g.shape.map((_, i) => i).filter((i) => !front.includes(i));
  const updates = axis === 0 ? g : transpose(g, [...front, ...rest]);
  const nothing = zeros(x.graph, x.dtype, [x.shape[axis]!, ...others.map((i) => x.shape[i]!)]);
  const summed = scatterND(nothing, { indices: tuples, updates, reduction: 'add' });
  if (axis === 0) return summed;
  const back = Array.from({ length: rank }, (_, i) => (i === axis ? 0 : others.indexOf(i) + 1));
  return transpose(summed, back);
}
