/** The names under which files keep the tensors of a Llama, and what they are called here: Hugging Face's names of LlamaForCausalLM. */
import { BrineError } from '../base/errors.ts';
import { HEAD } from './parameters.ts';

/** What PyTorch puts into names when it wraps a module: torch.compile, FSDP, activation checkpointing. */
const WRAPPERS = new Set(['_orig_mod', '_fsdp_wrapped_module', '_checkpoint_wrapped_module']);

/** What DataParallel and DistributedDataParallel put before all names. */
const PARALLEL = 'module.';

/** A tensor that every Llama has: what stands before it stands before all of the model. */
const WITNESS = 'layers.0.input_layernorm.weight';

/** Tables and masks that a model computes by itself: older versions of transformers saved them, and none reads them. */
const BUFFER =
  /(^|\.)(rotary_emb\.(inv_freq|original_inv_freq|cos_cached|sin_cached)|position_ids|masked_bias|causal_mask|self_attn\.bias)$/;

const INSIDE = /^(embed_tokens|layers|norm)\./;

/**
 * Hugging Face's name → the name in the file, without buffers; a name that is not understood stays as it is. Throws SHAPE_MISMATCH when two
 * tensors of the file are one of the model's.
 */
export function tensorNames(stored: Iterable<string>, path: string): Map<string, string> {
  const bare = Array.from(stored, (name) => [withoutWrappers(name), name] as const);
  const witness = bare.find(([name]) => name === WITNESS || name.endsWith(`.${WITNESS}`))?.[0];
  const prefix = witness?.slice(0, -WITNESS.length) ?? 'model.';
  const outer = prefix.endsWith('model.') ? prefix.slice(0, -'model.'.length) : prefix;
  const names = new Map<string, string>();
  for (const [name, inFile] of bare) {
    if (BUFFER.test(name)) continue;
    const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    const own = INSIDE.test(rest) ? `model.${rest}` : name === outer + HEAD ? HEAD : name;
    const other = names.get(own);
    if (other !== undefined) {
      throw new BrineError('SHAPE_MISMATCH', `${path} holds ${own} twice, as ${other} and as ${inFile}`, {
        hint: 'Save the state of one model alone, without what wraps it.',
      });
    }
    names.set(own, inFile);
  }
  return names;
}

function withoutWrappers(name: string): string {
  let bare = name
    .split('.')
    .filter((part) => !WRAPPERS.has(part))
    .join('.');
  while (bare.startsWith(PARALLEL)) bare = bare.slice(PARALLEL.length);
  return bare;
}
