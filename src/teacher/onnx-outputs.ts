import { dirname } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { openSession } from '../engine/session.ts';
import type { EngineOptions } from '../engine/engine.ts';
import type { ForeignModel, ForeignValue } from '../graph/index.ts';
import { readOnnxFolder, type OnnxFolder } from '../model/index.ts';
import type { LogitsShape } from './graph.ts';
import { idsInput, idsTensor, steadyFeeds } from './onnx-feeds.ts';

/**
 * An exported model with identified inputs and outputs: token ids, and logits for every position of
 * a row.
 */
export interface CausalModel extends OnnxFolder {
  readonly ids: ForeignValue;
  readonly logits: ForeignValue;
  readonly logitsType: LogitsShape['logits']['dtype'];
  /** Vocabulary size of the logits; undefined when the model does not declare it. */
  readonly extent: number | undefined;
}

/**
 * Reads the model of a folder. Throws the errors of readOnnxFolder, and GRAPH_INVALID for
 * unsupported inputs or outputs.
 */
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

/** Throws GRAPH_INVALID when the model declares logits that do not cover all positions. */
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
  /** Undefined when any vocabulary is accepted. */
  readonly vocabulary: number | undefined;
}

/**
 * Runs the unmodified model and checks the shape of its logits. Throws GRAPH_INVALID when they do
 * not cover all positions, TOKENIZER_MISMATCH when they have fewer ids than the vocabulary,
 * ENGINE_FAILED.
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

/**
 * Tests a folder's model with one batch before a run uses it. Throws like readCausalModel,
 * checkDeclared and tryModel.
 */
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
    `${path} computes logits of ${known} ids, but the tokenizer has ${vocabulary} ids`,
    { hint: `Use a model with at least the ${vocabulary} ids of the tokenizer.` },
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
    `${path} computes ${name} [${extents}], but a teacher needs the logits of all ${positions} positions of a row`,
    {
      hint: 'Export it with the logits of all positions, for example with: optimum-cli export onnx --task text-generation',
    },
  );
}

const FLOATING: readonly ForeignValue['dtype'][] = ['float32', 'float16', 'bfloat16', 'float64'];

/** Finds the output named logits, or else the only floating-point output of three axes. */
function logitsOutput(path: string, { outputs }: ForeignModel): ForeignValue {
  const named = outputs.find(({ name }) => name === 'logits');
  const alike = outputs.filter(({ dtype, shape }) => FLOATING.includes(dtype) && shape?.length === 3);
  const found = named ?? (alike.length === 1 ? alike[0] : undefined);
  if (found !== undefined) return found;
  const names = outputs.map(({ name }) => name).join(', ');
  throw new BrineError(
    'GRAPH_INVALID',
    `${path} has no output named logits; its outputs are ${names || 'none'}`,
    {
      hint: 'Export a causal language model with its head, and name the output logits.',
    },
  );
}

/**
 * The drawing graph first casts to float32, and no bfloat16 tensor leaves the session, so bfloat16
 * can be declared as float16.
 */
function logitsType(path: string, { name, dtype }: ForeignValue): LogitsShape['logits']['dtype'] {
  if (dtype === 'float32' || dtype === 'float16' || dtype === 'float64') return dtype;
  if (dtype === 'bfloat16') return 'float16';
  throw new BrineError('GRAPH_INVALID', `the output ${name} of ${path} is not a floating-point tensor`, {
    hint: 'Export a causal language model with its head.',
  });
}
