/** The type and the building blocks of the cases of foreign models. */
import type { Op } from '../../../src/graph/index.ts';
import type { Attribute, ForeignNode, Operand } from '../foreign-node.ts';

/** A use of an op as in foreign models, which has a gradient or is refused with the given code. */
export interface ForeignCase extends ForeignNode {
  readonly refused?: 'GRAPH_INVALID' | 'SHAPE_MISMATCH' | 'GRADIENT_MISSING' | undefined;
}

/** A case without the name of its op. */
export type Rest = Omit<ForeignCase, 'op'>;

/** Cases by op. */
export type Cases = { readonly [O in Op]?: readonly Rest[] };

/** A floating-point input of this shape. */
export const x = (...shape: number[]): Operand => ({ shape });

/** The same case for each value of an attribute. */
export const each = (name: string, values: readonly Attribute[], rest: Rest): Rest[] =>
  values.map((value) => ({ ...rest, attributes: { ...rest.attributes, [name]: value } }));

export const microsoft = (cases: readonly Rest[]): Rest[] =>
  cases.map((rest) => ({ domain: 'com.microsoft', ...rest }));

export const AXES = [-3, -2, -1, 0, 1, 2];
export const cube = x(2, 3, 4);

/** The same case for each valid value of the axis of a cube, and for invalid ones. */
export const axes = (rest: Rest): Rest[] => [
  rest,
  ...each('axis', AXES, rest),
  ...each('axis', [-4, 3], { ...rest, refused: 'SHAPE_MISMATCH' }),
];
