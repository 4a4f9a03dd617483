import type { ControlOp } from '../../graph/ops/attributes.ts';
import { missing, type Rules } from '../rule.ts';

/** Loops have no gradient. Compute gradients inside their bodies instead. */
export const CONTROL_RULES: Rules<ControlOp> = {
  Scan: ({ inputs }) => inputs.map(() => missing('Scan')),
};
