import type { Op } from '../graph/index.ts';
import type { Rules } from './rule.ts';
import { CONTROL_RULES } from './rules/control.ts';
import { ELEMENTWISE_RULES } from './rules/elementwise.ts';
import { INDEXING_RULES } from './rules/indexing.ts';
import { INTEGER_RULES } from './rules/integer.ts';
import { NN_RULES } from './rules/nn.ts';
import { PRODUCT_RULES } from './rules/products.ts';
import { REDUCE_RULES } from './rules/reduce.ts';
import { SHAPE_RULES } from './rules/shape.ts';

/** The gradient rules of all ops. An op without an entry does not compile. */
export const RULES: Rules<Op> = {
  ...ELEMENTWISE_RULES,
  ...INTEGER_RULES,
  ...REDUCE_RULES,
  ...PRODUCT_RULES,
  ...SHAPE_RULES,
  ...INDEXING_RULES,
  ...NN_RULES,
  ...CONTROL_RULES,
};
