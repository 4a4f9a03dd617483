import { BrineError } from '../base/errors.ts';
import { describeType, type Value } from '../graph/index.ts';

/** The SHAPE_MISMATCH error of a loss operand that does not fit another one. */
export function shapeMismatch(name: string, value: Value, other: Value): BrineError {
  return new BrineError(
    'SHAPE_MISMATCH',
    `${name} is ${describeType(value)}, which does not fit ${describeType(other)}`,
    {
      hint: 'Give one row of targets for each position, and one weight for each target.',
    },
  );
}
