/** Public API of the autodiff room. */
export { dependsOn, gradients, type OutputGradient } from './walk.ts';
