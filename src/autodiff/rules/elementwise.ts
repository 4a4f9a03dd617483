import {
  and,
  cast,
  cos,
  div,
  exp,
  greater,
  greaterOrEqual,
  lessOrEqual,
  log,
  mul,
  neg,
  pow,
  sigmoid,
  sign,
  sin,
  sub,
  where,
  type NodeOf,
  type Value,
} from '../../graph/index.ts';
import type { ElementwiseOp } from '../../graph/ops/attributes.ts';
import { NO_GRADIENT, type Rule, type Rules } from '../rule.ts';

/** Gradients of element-wise ops. The walk undoes the broadcasting of operands. */

type PlainOp = Exclude<ElementwiseOp, 'Clip' | 'Cast' | 'Where'>;

/** Makes the rule of an op with one input x and one output y. */
function unary<O extends PlainOp>(build: (g: Value, x: Value, y: Value) => Value): Rule<O> {
  return (node, [gradient]) => [() => build(gradient!, node.inputs[0]!, node.outputs[0]!)];
}

/** The selected operand gets the gradient; of equal operands, the first. */
function extreme<O extends 'Max' | 'Min'>(firstWins: (a: Value, b: Value) => Value): Rule<O> {
  return ({ inputs: [a, b] }, [gradient]) => [
    () => where(firstWins(a!, b!), gradient!, 0),
    () => where(firstWins(a!, b!), 0, gradient!),
  ];
}

function powRule(
  { inputs: [base, exponent], outputs: [y] }: NodeOf<'Pow'>,
  [g]: readonly (Value | undefined)[],
) {
  const [power, ...more] = exponent!.dtype === 'float16' ? [] : (exponent!.constant?.data ?? []); // float16 is raw bits
  const square = more.length === 0 && Number(power) === 2;
  return [
    () => (square ? mul(mul(g!, 2), base!) : mul(mul(g!, exponent!), pow(base!, sub(exponent!, 1)))),
    // x^e has a real derivative with respect to e only where x > 0; at 0 it is 0.
    () => mul(mul(g!, y!), log(where(greater(base!, 0), base!, 1))),
  ];
}

function clipRule({ inputs: [x], attributes }: NodeOf<'Clip'>, [g]: readonly (Value | undefined)[]) {
  return [
    () => {
      const above = attributes.min === undefined ? undefined : greaterOrEqual(x!, attributes.min);
      const below = attributes.max === undefined ? undefined : lessOrEqual(x!, attributes.max);
      const inside = above !== undefined && below !== undefined ? and(above, below) : (above ?? below);
      return inside === undefined ? g! : where(inside, g!, 0);
    },
  ];
}

export const ELEMENTWISE_RULES: Rules<ElementwiseOp> = {
  Add: (_, [g]) => [() => g!, () => g!],
  Sub: (_, [g]) => [() => g!, () => neg(g!)],
  Mul: ({ inputs: [a, b] }, [g]) => [() => mul(g!, b!), () => mul(g!, a!)],
  Div: ({ inputs: [, b], outputs: [y] }, [g]) => [() => div(g!, b!), () => neg(mul(g!, div(y!, b!)))],
  Pow: powRule,
  Max: extreme(greaterOrEqual),
  Min: extreme(lessOrEqual),
  Neg: unary((g) => neg(g)),
  Abs: unary((g, x) => mul(g, sign(x))),
  Exp: unary((g, _, y) => mul(g, y)),
  Log: unary((g, x) => div(g, x)),
  Sqrt: unary((g, _, y) => div(mul(g, 0.5), y)),
  Reciprocal: unary((g, _, y) => neg(mul(g, mul(y, y)))),
  Sin: unary((g, x) => mul(g, cos(x))),
  Cos: unary((g, x) => neg(mul(g, sin(x)))),
  Tanh: unary((g, _, y) => sub(g, mul(g, mul(y, y)))),
  Sigmoid: unary((g, _, y) => mul(mul(g, y), sub(1, y))),
  Softplus: unary((g, x) => mul(g, sigmoid(x))),
  // d erf(x) = 2/√π · exp(-x²)
  Erf: unary((g, x) => mul(mul(g, 2 / Math.sqrt(Math.PI)), exp(neg(mul(x, x))))),
  Floor: NO_GRADIENT,
  Ceil: NO_GRADIENT,
  Sign: NO_GRADIENT,
  Identity: unary((g) => g),
  Clip: clipRule,
  Cast: ({ inputs: [x] }, [g]) => [() => cast(g!, x!.dtype)],
  Where: ({ inputs: [condition] }, [g]) => [
    undefined,
    () => where(condition!, g!, 0),
    () => where(condition!, 0, g!),
  ],
};
