import { BrineError } from '../base/errors.ts';
import { viewOf } from '../tensor/layout.ts';
import { readWeights, type Model } from './folder.ts';

/** Throws MODEL_NOT_FINITE with the first parameter that is not finite. */
export function requireFiniteParameters(folder: string, { layout, buckets }: Model): void {
  for (const tensor of layout.tensors) {
    const values = viewOf(tensor, buckets);
    let at = 0;
    while (at < values.length && Number.isFinite(values[at])) at += 1;
    if (at < values.length) throw modelNotFinite(folder, `${tensor.name} is ${values[at]} at element ${at}`);
  }
}

/**
 * Fills the parameters of a model from a folder. Throws MODEL_NOT_FINITE, and everything
 * readWeights throws.
 */
export async function readFiniteWeights(
  folder: string,
  model: Model & { readonly stack?: number | undefined },
): Promise<void> {
  await readWeights(folder, model);
  requireFiniteParameters(folder, model);
}

/** The MODEL_NOT_FINITE error of a model whose outputs are unusable. */
export function modelNotFinite(folder: string, fault: string): BrineError {
  return new BrineError(
    'MODEL_NOT_FINITE',
    `the outputs of the model at ${folder} are not finite: ${fault}`,
    {
      hint: 'Use a checkpoint from before the training diverged, or export a 16-bit model in float32.',
    },
  );
}
