import { dirname } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { openSession } from '../engine/session.ts';
import { compose, type ForeignValue } from '../graph/index.ts';
import type { TensorData } from '../tensor/dtype.ts';
import { drawingFeeds, type Batch, type Forward, type ForwardOptions } from './forward.ts';
import { logitsGraph } from './graph.ts';
import { idsTensor, steadyFeeds } from './onnx-feeds.ts';
import { checkDeclared, readCausalModel, tryModel } from './onnx-outputs.ts';

/** Before the names of what stands behind the model. */
const PREFIX = 'brine.';

/** Elements of logits that a model makes at once: 256 MiB of float32. */
const MOST_LOGITS = 2 ** 26;

/** Ids of a batch whose rows the model fixes. */
const MOST_IDS = 2 ** 22;

/**
 * Any ONNX causal language model as a teacher: the drawing is put behind its logits, in one model for one session, so the logits
 * stay inside. Throws what readCausalModel and compose throw, GRAPH_INVALID for logits that are not those of all positions,
 * TOKENIZER_MISMATCH, ENGINE_FAILED.
 */
export async function openOnnxForward(options: ForwardOptions): Promise<Forward> {
  const { modelFolder, positions, vocabulary } = options;
  const whole = await readCausalModel(modelFolder);
  const { bytes, model, path, logits, logitsType, ids, extent } = whole;
  const rows = rowsFor(path, ids, { ...options, extent: extent ?? vocabulary });
  const steady = steadyFeeds({ path, model, ids, rows, positions });
  checkDeclared(whole, positions);
  const part = logitsGraph({ ...options, rows, logits: { dtype: logitsType, extent } });
  const composed = compose(bytes, { model, part, bound: { logits: logits.name }, prefix: PREFIX });
  const session = await openSession(composed, { ...options, dataFolder: dirname(path) });
  const fetches = Object.fromEntries(session.outputs.map((name) => [name, null]));
  const run = async (batch: Batch): Promise<Record<string, TensorData>> => {
    const own = Object.entries(drawingFeeds(batch)).map(([name, tensor]) => [PREFIX + name, tensor]);
    const feeds = { ...steady, ...Object.fromEntries(own), [ids.name]: idsTensor(ids, batch.tokens, rows) };
    const found = await session.run(feeds, fetches).catch(async (error: unknown) => {
      // Where the logits are not what the model's file says, that is the reason; a model that cannot be run alone either is not told of.
      await tryModel(whole, { rows, positions, vocabulary }, options).catch((reason: unknown) => {
        if (reason instanceof BrineError && reason.code !== 'ENGINE_FAILED') throw reason;
      });
      throw error;
    });
    return Object.fromEntries(
      Object.entries(found).map(([name, tensor]) => [name.slice(PREFIX.length), tensor]),
    );
  };
  const forward = { rows, run, close: () => session.close() };
  if (extent === undefined) await tryOnce(forward, options);
  return forward;
}

/** A model that does not say how many ids it knows shows it in its first run. */
async function tryOnce(forward: Forward, { positions }: ForwardOptions): Promise<void> {
  const n = forward.rows * positions;
  const batch = { tokens: new BigInt64Array(n), trueIds: new BigInt64Array(n), u: new Float32Array(n) };
  try {
    await forward.run(batch);
  } catch (error) {
    await forward.close();
    throw error;
  }
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
