/** The public face of the loss room. */
export { evaluationHead, type Evaluation, type EvaluationInputs } from './evaluation.ts';
export { sparseCrossEntropy, type HeadGradients, type SparseTargets } from './sparse-cross-entropy.ts';
