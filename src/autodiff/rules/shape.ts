import {
  concat,
  pad,
  reduceSum,
  reshape,
  slice,
  transpose,
  unsqueeze,
  zeros,
  type Value,
} from '../../graph/index.ts';
import type { ShapeOp } from '../../graph/ops/attributes.ts';
import type { Rule, Rules } from '../rule.ts';

/** Gradients of ops that move elements are the inverse moves. */

const reshaped: Rule<'Reshape' | 'Squeeze' | 'Unsqueeze'> = ({ inputs: [x] }, [g]) => [
  () => reshape(g!, x!.shape),
];

export const SHAPE_RULES: Rules<ShapeOp> = {
  Reshape: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Transpose: ({ attributes: { perm } }, [g]) => [
    () =>
      transpose(
        g!,
        perm.map((_, axis) => perm.indexOf(axis)),
      ),
  ],
  Concat: ({ inputs, attributes: { axis } }, [g]) => {
    let end = 0;
    return inputs.map(({ shape }) => {
      const start = end;
      end += shape[axis]!;
      const stop = end;
      return () => slice(g!, { starts: [start], ends: [stop], axes: [axis] });
    });
  },
  Split: ({ outputs, attributes: { axis } }, gradients) => [
    () =>
      concat(
        outputs.map((output, i) => gradients[i] ?? zeros(output.graph, output.dtype, output.shape)),
        axis,
      ),
  ],
  Slice: ({ inputs: [x], attributes: { starts, axes, steps } }, [g]) => [
    () => {
      let gradient = g!;
      const before = x!.shape.map(() => 0);
      axes.forEach((axis, i) => {
        before[axis] = starts[i]!;
        gradient = spread(gradient, { axis, step: steps[i]!, limit: x!.shape[axis]! - starts[i]! });
      });
      const after = x!.shape.map((extent, axis) => extent - before[axis]! - gradient.shape[axis]!);
      return pad(gradient, { before, after });
    },
  ],
  // The walk sums the repeated axes.
  Expand: (_, [g]) => [() => g!],
  Tile: ({ inputs: [x], attributes: { repeats } }, [g]) => [
    () => {
      // [r·s, …] → [r, s, …], summed over every r
      const apart = x!.shape.flatMap((extent, i) => [repeats[i]!, extent]);
      return reduceSum(reshape(g!, apart), { axes: repeats.map((_, i) => 2 * i) });
    },
  ],
  Pad: ({ inputs: [x], attributes: { pads } }, [g]) => [
    () => {
      const starts = pads.slice(0, x!.shape.length);
      return slice(g!, { starts, ends: starts.map((start, axis) => start + x!.shape[axis]!) });
    },
  ],
};

/** Inserts step - 1 zeros between the elements along an axis, and limits their number. */
function spread(x: Value, { axis, step, limit }: { axis: number; step: number; limit: number }): Value {
  if (step === 1) return x;
  const apart = unsqueeze(x, [axis + 1]);
  const after = apart.shape.map((_, i) => (i === axis + 1 ? step - 1 : 0));
  const padded = pad(apart, { before: after.map(() => 0), after });
  const joined = reshape(padded, x.shape.with(axis, x.shape[axis]! * step));
  return joined.shape[axis]! <= limit ? joined : slice(joined, { starts: [0], ends: [limit], axes: [axis] });
}
