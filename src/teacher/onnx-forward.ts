import { dirname } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { openSession } from '../engine/session.ts';
import { compose, type ForeignModel, type ForeignValue } from '../graph/index.ts';
import { readOnnxFolder } from '../model/index.ts';
import type { TensorData } from '../tensor/dtype.ts';
import { drawingFeeds, type Batch, type Forward, type ForwardOptions } from './forward.ts';
import { logitsGraph, type LogitsShape } from './graph.ts';
import { idsInput, idsTensor, steadyFeeds } from './onnx-feeds.ts';

/** Before the names of what stands behind the model. */
const PREFIX = 'brine.';

/** Elements of logits that a model makes at once: 256 MiB of float32. */
const MOST_LOGITS = 2 ** 26;

/** Ids of a batch whose rows the model fixes. */
const MOST_IDS = 2 ** 22;

/**
 * Any ONNX causal language model as a teacher: the drawing is put behind its logits, in one model for one session, so the logits
 * stay inside. Throws what readOnnxFolder and compose throw, GRAPH_INVALID for inputs or outputs that are not understood,
 * TOKENIZER_MISMATCH, ENGINE_FAILED.
 */
export async function openOnnxForward(options: ForwardOptions): Promise<Forward> {
  const { modelFolder, positions, vocabulary } = options;
  const { bytes, model, path } = await readOnnxFolder(modelFolder);
  const logits = logitsOutput(path, model);
  const ids = idsInput(path, model);
  const extent = extentOf(logits);
  const rows = rowsFor(path, ids, { ...options, extent: extent ?? vocabulary });
  const steady = steadyFeeds({ path, model, ids, rows, positions });
  const part = logitsGraph({ ...options, rows, logits: { dtype: logitsType(path, logits), extent } });
  const whole = compose(bytes, { model, part, bound: { logits: logits.name }, prefix: PREFIX });
  const session = await openSession(whole, { ...options, dataFolder: dirname(path) });
  const fetches = Object.fromEntries(session.outputs.map((name) => [name, null]));
  const run = async (batch: Batch): Promise<Record<string, TensorData>> => {
    const own = Object.entries(drawingFeeds(batch)).map(([name, tensor]) => [PREFIX + name, tensor]);
    const feeds = { ...steady, ...Object.fromEntries(own), [ids.name]: idsTensor(ids, batch.tokens, rows) };
    const found = await session.run(feeds, fetches);
    return Object.fromEntries(
      Object.entries(found).map(([name, tensor]) => [name.slice(PREFIX.length), tensor]),
    );
  };
  const forward = { rows, run, close: () => session.close() };
  if (extent === undefined) await tryOnce(forward, options, path);
  return forward;
}

/** A model that does not say how many ids it knows shows it in its first run. */
async function tryOnce(
  forward: Forward,
  { positions, vocabulary }: ForwardOptions,
  path: string,
): Promise<void> {
  const n = forward.rows * positions;
  try {
    await forward.run({
      tokens: new BigInt64Array(n),
      trueIds: new BigInt64Array(n),
      u: new Float32Array(n),
    });
  } catch (cause) {
    await forward.close();
    throw new BrineError(
      'TOKENIZER_MISMATCH',
      `${path} gives no logits [${forward.rows}, ${positions}, ${vocabulary} or more]`,
      {
        hint: `Use a model that knows the ${vocabulary} ids of the tokenizer, for rows of ${positions}.`,
        cause,
      },
    );
  }
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

/** The part casts to float32 before all else, so bfloat16, which never crosses a border, may stand as float16. */
function logitsType(path: string, { name, dtype }: ForeignValue): LogitsShape['logits']['dtype'] {
  if (dtype === 'float32' || dtype === 'float16' || dtype === 'float64') return dtype;
  if (dtype === 'bfloat16') return 'float16';
  throw new BrineError('GRAPH_INVALID', `the output ${name} of ${path} is no floating tensor`, {
    hint: 'Export a causal language model with its head.',
  });
}

function extentOf({ shape }: ForeignValue): number | undefined {
  const last = shape?.at(-1);
  return typeof last === 'number' ? last : undefined;
}

/** As many as the caller wants, the model takes and its logits leave room for. */
function rowsFor(
  path: string,
  { shape }: ForeignValue,
  { rows, positions, extent }: { rows: number; positions: number; extent: number },
): number {
  const fixed = shape?.[0];
  if (typeof fixed === 'number') {
    if (fixed >= 1 && fixed * positions <= MOST_IDS) return fixed;
    throw new BrineError('GRAPH_INVALID', `${path} takes batches of exactly ${fixed} rows`, {
      hint: 'Export it with a dynamic batch axis.',
    });
  }
  return Math.max(1, Math.min(rows, Math.floor(MOST_LOGITS / (positions * extent))));
}
