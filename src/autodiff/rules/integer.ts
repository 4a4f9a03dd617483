import type { IntegerOp } from '../../graph/ops/attributes.ts';
import { NO_GRADIENT, type Rules } from '../rule.ts';

/** Comparisons, logic, bitwise ops and products of bytes have no gradient. */
export const INTEGER_RULES: Rules<IntegerOp> = {
  Equal: NO_GRADIENT,
  Less: NO_GRADIENT,
  LessOrEqual: NO_GRADIENT,
  Greater: NO_GRADIENT,
  GreaterOrEqual: NO_GRADIENT,
  IsNaN: NO_GRADIENT,
  Not: NO_GRADIENT,
  And: NO_GRADIENT,
  Or: NO_GRADIENT,
  Mod: NO_GRADIENT,
  BitwiseAnd: NO_GRADIENT,
  BitwiseOr: NO_GRADIENT,
  BitwiseXor: NO_GRADIENT,
  BitwiseNot: NO_GRADIENT,
  BitShift: NO_GRADIENT,
  MatMulInteger: NO_GRADIENT,
};
