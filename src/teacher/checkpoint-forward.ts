import { runMemory } from '../engine/run-memory.ts';
import { openSession } from '../engine/session.ts';
import { computedBytes, serialize } from '../graph/index.ts';
import { readModelFolder, requireFiniteParameters } from '../model/index.ts';
import { tensorsOf } from '../tensor/layout.ts';
import { drawingFeeds, type Forward, type ForwardOptions } from './forward.ts';
import { teacherGraph } from './graph.ts';

/**
 * Opens a checkpoint folder as a teacher, with Brine's own graph. Throws the errors of
 * readModelFolder, MODEL_NOT_FINITE, TOKENIZER_MISMATCH, ENGINE_FAILED.
 */
export async function openCheckpointForward(options: ForwardOptions): Promise<Forward> {
  const { modelFolder, rows, positions } = options;
  const model = await readModelFolder(modelFolder);
  requireFiniteParameters(modelFolder, model);
  const graph = teacherGraph({ ...options, config: model.config });
  const memory = runMemory(computedBytes(graph), options);
  const session = await openSession(serialize(graph), { ...options, memory });
  const parameters = tensorsOf(model);
  const fetches = Object.fromEntries(session.outputs.map((name) => [name, null]));
  return {
    rows,
    run: (batch) =>
      session.run(
        {
          ...parameters,
          tokens: { dtype: 'int64', shape: [rows, positions], data: batch.tokens },
          ...drawingFeeds(batch),
        },
        fetches,
      ),
    close: () => session.close(),
  };
}
