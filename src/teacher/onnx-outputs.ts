import { dirname } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { openSession } from '../engine/session.ts';
import type { EngineOptions } from '../engine/engine.ts';
import type { ForeignModel, ForeignValue } from '../graph/index.ts';
import { readOnnxFolder, type OnnxFolder } from '../model/index.ts';
import type { LogitsShape } from './graph.ts';
import { idsInput, idsTensor, steadyFeeds } from './onnx-feeds.ts';

/** What an exported model gives: logits for every position of a row, or it is refused. */

/** An exported model whose input of ids and output of logits are known. */
export interface CausalModel extends OnnxFolder {
  readonly ids: ForeignValue;
  readonly logits: ForeignValue;
  readonly logitsType: LogitsShape['logits']['dtype'];
  /** Ids that its logits are of; undefined when the model does not say it. */
  readonly extent: number | undefined;
}

/** Reads a folder's model. Throws what readOnnxFolder throws, and GRAPH_INVALID for inputs or outputs that are not understood. */
export async function readCausalModel(folder: string): Promise<CausalModel> {
  const found = await readOnnxFolder(folder);
  const { path, model } = found;
  const logits = logitsOutput(path, model);
  const last = logits.shape?.at(-1);
  return {
    ...found,
    ids: idsInput(path, model),
    logits,
    logitsType: logitsType(path, logits),
    extent: typeof last === 'number' ? last : undefined,
  };
}

/** Throws GRAPH_INVALID when the model says itself that its logits are not those of all positions. */
export function checkDeclared({ path, logits }: CausalModel, positions: number): void {
  const { shape } = logits;
  if (shape === undefined) return;
  const length = shape[1];
  if (shape.length === 3 && (typeof length !== 'number' || length === positions)) return;
  throw notForAll(path, { name: logits.name, shape, positions });
}

export interface Trial {
  readonly rows: number;
  readonly positions: number;
  /** Undefined: any. */
  readonly vocabulary: number | undefined;
}

/**
 * Runs the model alone, as it lies in its file, and looks at the logits. Throws GRAPH_INVALID when they are not those of all positions,
 * TOKENIZER_MISMATCH when they are of fewer ids than the vocabulary has, ENGINE_FAILED.
 */
export async function tryModel(
  model: CausalModel,
  { rows, positions, vocabulary }: Trial,
  options: EngineOptions,
): Promise<void> {
  const { path, ids, logits } = model;
  if (logits.dtype === 'bfloat16') return; // such tensors do not leave ONNX Runtime
  const steady = steadyFeeds({ path, model: model.model, ids, rows, positions });
  const session = await openSession(model.bytes, { ...options, dataFolder: dirname(path) });
  try {
    const tokens = idsTensor(ids, new BigInt64Array(rows * positions), rows);
    const found = await session.run({ ...steady, [ids.name]: tokens }, { [logits.name]: null });
    const { shape } = found[logits.name]!;
    const declared = logits.shape?.[0];
    const shown = typeof declared === 'string' ? [declared, ...shape.slice(1)] : shape;
    if (shape.length !== 3 || shape[1] !== positions)
      throw notForAll(path, { name: logits.name, shape: shown, positions });
    if (shape[2]! < (vocabulary ?? 0)) throw tooFewIds(path, shape[2]!, vocabulary!);
  } finally {
    await session.close();
  }
}

/** Tries a folder's model with one batch, before a run relies on it. Throws as readCausalModel, checkDeclared and tryModel. */
export async function tryOnnxFolder(
  folder: string,
  { positions, vocabulary }: Omit<Trial, 'rows'>,
  options: EngineOptions,
): Promise<void> {
  const model = await readCausalModel(folder);
  const { path, ids } = model;
  const fixed = ids.shape?.[0];
  const rows = typeof fixed === 'number' ? fixed : 1;
  steadyFeeds({ path, model: model.model, ids, rows, positions });
  checkDeclared(model, positions);
  await tryModel(model, { rows, positions, vocabulary }, options);
}

export function tooFewIds(path: string, known: number, vocabulary: number): BrineError {
  return new BrineError(
    'TOKENIZER_MISMATCH',
    `${path} gives logits of ${known} ids, the tokenizer has ${vocabulary}`,
    { hint: `Use a model that knows the ${vocabulary} ids of the tokenizer.` },
  );
}

function notForAll(
  path: string,
  {
    name,
    shape,
    positions,
  }: { name: string; shape: readonly (number | string | undefined)[]; positions: number },
): BrineError {
  const extents = shape.map((extent) => extent ?? '?').join(', ');
  return new BrineError(
    'GRAPH_INVALID',
    `${path} gives ${name} [${extents}], and the logits of all ${positions} positions of a row are needed`,
    {
      hint: 'Export it without keeping the last logits alone, such as with: optimum-cli export onnx --task text-generation',
    },
  );
}

const FLOATING: readonly ForeignValue['dtype'][] = ['float32', 'float16', 'bfloat16', 'float64'];

/** The output called logits, or else the only floating output of three axes. */
function logitsOutput(path: string, { outputs }: ForeignModel): ForeignValue {
  const named = outputs.find(({ name }) => name === 'logits');
  const alike = outputs.filter(({ dtype, shape }) => FLOATING.includes(dtype) && shape?.length === 3);
  const found = named ?? (alike.length === 1 ? alike[0] : undefined);
  if (found !== undefined) return found;
  const names = outputs.map(({ name }) => name).join(', ');
  throw new BrineError('GRAPH_INVALID', `${path} has no output logits, but ${names || 'none at all'}`, {
    hint: 'Export a causal language model with its head; call the output logits.',
  });
}

/** What stands behind the model casts to float32 before all else, so bfloat16, which never crosses a border, may stand as float16. */
function logitsType(path: string, { name, dtype }: ForeignValue): LogitsShape['logits']['dtype'] {
  if (dtype === 'float32' || dtype === 'float16' || dtype === 'float64') return dtype;
  if (dtype === 'bfloat16') return 'float16';
  throw new BrineError('GRAPH_INVALID', `the output ${name} of ${path} is no floating tensor`, {
    hint: 'Export a causal language model with its head.',
  });
}
