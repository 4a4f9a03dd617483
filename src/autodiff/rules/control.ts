import type { ControlOp } from '../../graph/ops/attributes.ts';
import { missing, type Rules } from '../rule.ts';

/** Nothing is differentiated through a loop: gradients are made inside its body. */
export const CONTROL_RULES: Rules<ControlOp> = {
  Scan: ({ inputs }) => inputs.map(() => missing('Scan')),
};
