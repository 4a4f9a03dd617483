/** Public API of the loss room. */
export { evaluationHead, type EvaluationOutputs, type EvaluationInputs } from './evaluation.ts';
export type { HeadGradients } from './head.ts';
export type { Rest, RestMass } from './rest.ts';
export { sparseCrossEntropy, type SparseTargets } from './sparse-cross-entropy.ts';
