/** Public API of the loss room. */
export { distributionColumns } from './distribution.ts';
export { evaluationHead } from './evaluation.ts';
export type { Rest, RestMass } from './rest.ts';
export type { LossParts } from './head.ts';
export { sparseCrossEntropy } from './sparse-cross-entropy.ts';
