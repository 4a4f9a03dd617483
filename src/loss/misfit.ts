import { BrineError } from '../base/errors.ts';
import { describeType, type Value } from '../graph/index.ts';

/** The error of a loss whose operand does not fit another. */
export function misfit(name: string, value: Value, other: Value): BrineError {
  return new BrineError('SHAPE_MISMATCH', `${name} is ${describeType(value)} beside ${describeType(other)}`, {
    hint: 'Give one row of targets a position, and one weight a target.',
  });
}
