import { sizeOf } from '../../tensor/dtype.ts';
import {
  add,
  cast,
  constant,
  div,
  erf,
  exp,
  matmul,
  mul,
  neg,
  reciprocal,
  reduceMean,
  reduceSumSquare,
  reshape,
  rotaryEmbedding,
  sigmoid,
  sqrt,
  sub,
  tanh,
  type NodeOf,
  type Value,
} from '../../graph/index.ts';
import type { NnOp } from '../../graph/ops/attributes.ts';
import { missing, once, type Rules, type Thunk } from '../rule.ts';

/** Gradients of fused layers. They use what the forward pass saved, and few passes over memory. */

export const NN_RULES: Rules<NnOp> = {
  SimplifiedLayerNormalization: ({ inputs, outputs }, [g, inverseGradient]) => {
    const parts = { x: inputs[0]!, scale: inputs[1]!, inverse: outputs[1]!, inverseGradient };
    return g === undefined ? inverseOnly(parts) : normalizationThunks(g, parts);
  },
  SkipSimplifiedLayerNormalization: skipThunks,
  LayerNormalization: layerThunks,
  RotaryEmbedding: ({ inputs, attributes: { interleaved } }, [g]) => [
    // The transpose of a rotation is the inverse rotation.
    () =>
      rotaryEmbedding(g!, {
        positions: inputs[1]!,
        cosines: inputs[2]!,
        sines: negated(inputs[3]!),
        interleaved,
      }),
    undefined,
    missing("RotaryEmbedding's cosines"),
    missing("RotaryEmbedding's sines"),
  ],
  // With s = sigmoid(αx) and y = x·s: dy/dx = s + α·y·(1 - s)
  QuickGelu: ({ inputs: [x], outputs: [y], attributes: { alpha } }, [g]) => [
    () => {
      const s = sigmoid(scaled(x!, alpha));
      return mul(g!, add(s, mul(scaled(y!, alpha), sub(1, s))));
    },
  ],
  FastGelu: ({ inputs: [x, bias] }, [g]) => {
    const gradient = once(() => mul(g!, tanhGeluSlope(bias === undefined ? x! : add(x!, bias))));
    return [gradient, gradient];
  },
  BiasGelu: ({ inputs: [x, bias] }, [g]) => {
    const gradient = once(() => mul(g!, geluSlope(add(x!, bias!))));
    return [gradient, gradient];
  },
  Gelu: ({ inputs: [x], attributes: { approximate } }, [g]) => [
    () => mul(g!, approximate === 'tanh' ? tanhGeluSlope(x!) : geluSlope(x!)),
  ],
};

function scaled(x: Value, factor: number): Value {
  return factor === 1 ? x : mul(x, factor);
}

function negated(sines: Value): Value {
  if (sines.constant === undefined || sines.dtype !== 'float32') return neg(sines);
  return constant(
    sines.graph,
    sines.dtype,
    sines.shape,
    Float32Array.from(sines.constant.data as Float32Array, (x) => -x),
  );
}

interface Normalized {
  readonly x: Value;
  readonly scale: Value;
  /** r = 1/√(mean x² + ε) */
  readonly inverse: Value;
  readonly inverseGradient: Value | undefined;
}

/**
 * Gradients of y = x·r·s over rows of K elements. With t = g ∘ x and c = t·s (a product with a
 * vector), dx = r·(g ∘ s - x·r²·c/K) and ds = rᵀ·t (another such product).
 */
function normalizationThunks(g: Value, { x, scale, inverse, inverseGradient }: Normalized): readonly Thunk[] {
  const width = sizeOf(scale.shape);
  const rows = sizeOf(x.shape) / width;
  const flatX = reshape(x, [rows, width]);
  const flatG = reshape(g, [rows, width]);
  const r = cast(reshape(inverse, [rows, 1]), x.dtype);
  const product = once(() => mul(flatG, flatX)); // [rows, K]
  return [
    () => {
      const sum = matmul(product(), reshape(scale, [width, 1])); // [rows, 1]
      const whole =
        inverseGradient === undefined ? sum : add(sum, cast(reshape(inverseGradient, [rows, 1]), x.dtype));
      const share = mul(mul(mul(r, r), whole), 1 / width);
      const gradient = mul(sub(mul(flatG, reshape(scale, [1, width])), mul(flatX, share)), r);
      return reshape(gradient, x.shape);
    },
    () => reshape(matmul(reshape(r, [1, rows]), product()), scale.shape),
  ];
}

/** Gradient if only r is used: dr/dx = -x·r³/K. */
function inverseOnly({ x, scale, inverse, inverseGradient }: Normalized): readonly (Thunk | undefined)[] {
  const cube = mul(mul(inverse, inverse), inverse);
  return [
    () => neg(mul(x, cast(mul(mul(inverseGradient!, cube), 1 / sizeOf(scale.shape)), x.dtype))),
    undefined,
  ];
}

function skipThunks(
  { inputs, outputs, attributes: { epsilon } }: NodeOf<'SkipSimplifiedLayerNormalization'>,
  [g, sumGradient]: readonly (Value | undefined)[],
): readonly Thunk[] {
  if (g === undefined) return [() => sumGradient!, () => sumGradient!, missing('an unused scale')];
  const [sum, scale] = [outputs[1]!, inputs[2]!];
  const width = sizeOf(scale.shape);
  // The CPU kernel does not save r.
  const squares = reduceSumSquare(sum, { axes: [sum.shape.length - 1], keepDims: true });
  const inverse = reciprocal(sqrt(add(mul(squares, 1 / width), epsilon)));
  const [xGradient, scaleGradient] = normalizationThunks(g, {
    x: sum,
    scale,
    inverse,
    inverseGradient: undefined,
  });
  const both = once(() => (sumGradient === undefined ? xGradient!() : add(xGradient!(), sumGradient)));
  return [both, both, scaleGradient!];
}

/**
 * With n = (x - mean)·r and h = g ∘ scale: dx = r·(h - mean h - n·mean(h ∘ n)), d scale = g ∘ n, d
 * bias = g. The gradients of the two statistics are added: d mean/dx = 1/K and dr/dx = -r²·n/K.
 */
function layerThunks(
  { inputs, outputs, attributes: { axis } }: NodeOf<'LayerNormalization'>,
  [g, ...statisticsGradients]: readonly (Value | undefined)[],
): readonly (Thunk | undefined)[] {
  const [x, scale] = [inputs[0]!, inputs[1]!];
  const [meanGradient, inverseGradient] = statisticsGradients.map(
    (gradient) => gradient && cast(gradient, x.dtype),
  );
  const [mean, r] = [cast(outputs[1]!, x.dtype), cast(outputs[2]!, x.dtype)];
  const width = sizeOf(scale.shape);
  const axes = x.shape.map((_, i) => i).slice(axis);
  const n = once(() => mul(sub(x, mean), r));
  const xGradient = (): Value => {
    const terms: Value[] = [];
    let alongN = inverseGradient === undefined ? undefined : mul(mul(inverseGradient, r), 1 / width);
    if (g !== undefined) {
      const h = mul(g, scale);
      const product = reduceMean(mul(h, n()), { axes, keepDims: true });
      alongN = alongN === undefined ? product : add(product, alongN);
      terms.push(mul(sub(h, reduceMean(h, { axes, keepDims: true })), r));
    }
    if (alongN !== undefined) terms.push(neg(mul(n(), mul(alongN, r))));
    if (meanGradient !== undefined) terms.push(div(meanGradient, width));
    return terms.reduce((sum, term) => add(sum, term));
  };
  if (g === undefined) return [xGradient, undefined, undefined];
  return [xGradient, () => mul(g, n()), () => g];
}

/** The derivative of exact GELU: Φ(x) + x·φ(x). */
function geluSlope(x: Value): Value {
  const cumulative = add(mul(erf(mul(x, Math.SQRT1_2)), 0.5), 0.5);
  const density = mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return add(cumulative, mul(x, density));
}

/**
 * The derivative of approximate GELU. With u = √(2/π)·(x + 0.044715·x³), it is ½·(1 + tanh u) +
 * ½·x·(1 - tanh² u)·u'.
 */
function tanhGeluSlope(x: Value): Value {
  const c = Math.sqrt(2 / Math.PI);
  const square = mul(x, x);
  const t = tanh(mul(x, add(mul(square, c * 0.044715), c)));
  const inner = mul(x, add(mul(square, 3 * c * 0.044715), c)); // x·u'
  const bump = mul(inner, sub(1, mul(t, t)));
  return mul(add(add(t, bump), 1), 0.5);
}
