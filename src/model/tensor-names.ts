/** Maps tensor names in checkpoint files to the names of Hugging Face's LlamaForCausalLM. */
import { BrineError } from '../base/errors.ts';
import { HEAD } from './parameters.ts';

/** Name parts that PyTorch wrappers insert: torch.compile, FSDP, activation checkpointing. */
const WRAPPERS = new Set(['_orig_mod', '_fsdp_wrapped_module', '_checkpoint_wrapped_module']);

/** Prefix that DataParallel and DistributedDataParallel add to all names. */
const PARALLEL = 'module.';

/** A tensor that every Llama has. Its prefix is the prefix of the whole model. */
const REFERENCE = 'layers.0.input_layernorm.weight';

/** Computed tables and masks, which older versions of transformers saved and none reads. */
const BUFFER =
  /(^|\.)(rotary_emb\.(inv_freq|original_inv_freq|cos_cached|sin_cached)|position_ids|masked_bias|causal_mask|self_attn\.bias)$/;

const INSIDE = /^(embed_tokens|layers|norm)\./;

/**
 * Maps Hugging Face's names to the names in the file, without buffers. Unknown names stay unchanged.
 * Throws SHAPE_MISMATCH if two tensors of the file map to the same name.
 */
export function tensorNames(stored: Iterable<string>, path: string): Map<string, string> {
  const bare = Array.from(stored, (name) => [withoutWrappers(name), name] as const);
  const reference = bare.find(([name]) => name === REFERENCE || name.endsWith(`.${REFERENCE}`))?.[0];
  const prefix = reference?.slice(0, -REFERENCE.length) ?? 'model.';
  const outer = prefix.endsWith('model.') ? prefix.slice(0, -'model.'.length) : prefix;
  const names = new Map<string, string>();
  for (const [name, inFile] of bare) {
    if (BUFFER.test(name)) continue;
    const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    const own = INSIDE.test(rest) ? `model.${rest}` : name === outer + HEAD ? HEAD : name;
    const other = names.get(own);
    if (other !== undefined) {
      throw new BrineError('SHAPE_MISMATCH', `${path} contains ${own} twice, as ${other} and as ${inFile}`, {
        hint: 'Save the state of one unwrapped model.',
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
