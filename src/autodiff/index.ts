/** The public face of the autodiff room. */
export { gradients, type OutputGradient } from './walk.ts';
