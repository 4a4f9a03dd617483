import { dirname } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { openSession } from '../engine/session.ts';
import { compose, type ForeignValue } from '../graph/index.ts';
import type { TensorData } from '../tensor/dtype.ts';
import { drawingFeeds, type TeacherBatch, type Forward, type ForwardOptions } from './forward.ts';
import { logitsGraph } from './graph.ts';
import { idsTensor, steadyFeeds } from './onnx-feeds.ts';
import { checkDeclared, readCausalModel, tryModel } from './onnx-outputs.ts';

/** Prefix of the names of the drawing graph that follows the model. */
const PREFIX = 'brine.';

/** Most logits of one run: 256 MiB of float32. */
const MAX_LOGITS = 2 ** 26;

/** Most ids of a batch whose number of rows the model fixes. */
const MAX_IDS = 2 ** 22;

/**
 * Opens any ONNX causal language model as a teacher. The drawing graph is appended to the model in
 * one session, so that the logits never leave it. Throws the errors of readCausalModel and compose,
 * GRAPH_INVALID for logits that do not cover all positions, TOKENIZER_MISMATCH, ENGINE_FAILED.
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
  const run = async (batch: TeacherBatch): Promise<Record<string, TensorData>> => {
    const own = Object.entries(drawingFeeds(batch)).map(([name, tensor]) => [PREFIX + name, tensor]);
    const feeds = { ...steady, ...Object.fromEntries(own), [ids.name]: idsTensor(ids, batch.tokens, rows) };
    const found = await session.run(feeds, fetches).catch(async (error: unknown) => {
      // If the logits differ from the model's declaration, report that as the cause. If the model
      // cannot run alone either, report the original error.
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

/** Runs the model once, because its vocabulary size is not declared. */
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

/** The rows of one run: as requested, as far as the model and the size of its logits allow. */
function rowsFor(
  path: string,
  { shape }: ForeignValue,
  { rows, positions, extent }: { rows: number; positions: number; extent: number },
): number {
  const fixed = shape?.[0];
  if (typeof fixed === 'number') {
    if (fixed >= 1 && fixed * positions <= MAX_IDS) return fixed;
    throw new BrineError('GRAPH_INVALID', `${path} accepts only batches of exactly ${fixed} rows`, {
      hint: 'Export it with a dynamic batch axis.',
    });
  }
  return Math.max(1, Math.min(rows, Math.floor(MAX_LOGITS / (positions * extent))));
}
