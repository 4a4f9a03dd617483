/** Public API of the autodiff room. */
export { dependsOn, gradients } from './walk.ts';
