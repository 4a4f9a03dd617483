import { BrineError } from '../base/errors.ts';
import { Random } from '../base/random.ts';
import { scoped } from '../base/scope.ts';
import { readTokenizer } from '../data/tokenizer.ts';
import { openSession } from '../engine/session.ts';
import type { Session } from '../engine/engine.ts';
import { Graph, gather, serialize } from '../graph/index.ts';
import {
  logits as logitsOf,
  parameterInputs,
  readModelFolder,
  transformer,
  type Model,
  type ModelConfig,
} from '../model/index.ts';
import { tensorsOf } from '../tensor/layout.ts';
import { findCheckpoint } from './find-checkpoint.ts';
import { tokenizerPath } from './prepare.ts';
import { sampleToken, type SamplingOptions } from './sampling.ts';
import { checkCovers, paddingNote } from './vocabulary.ts';

/** Sampling text from a checkpoint, one token at a time over a window of the model's own length. */
export interface GenerateOptions extends SamplingOptions {
  /** A run folder, RUN@STEP, or a model folder with its tokenizer.json. */
  readonly checkpoint: string;
  readonly prompt: string;
  /** How many tokens to add at most; ends earlier at the end of a text. */
  readonly tokens: number;
  readonly seed: number;
  readonly threads: number;
  readonly signal?: AbortSignal;
  /** Is told that the model's head is padded. */
  readonly note?: ((text: string) => void) | undefined;
}

export interface Generated {
  readonly checkpoint: string;
  readonly prompt: string;
  /** Prompt and continuation. */
  readonly text: string;
  readonly tokens: number;
  readonly tokensPerSecond: number;
}

/** Positions that the graph computes at once; a longer text slides. */
const WINDOW = 256;

/** Throws FILE_MISSING, FILE_DAMAGED, TOKENIZER_INVALID, TOKENIZER_MISMATCH, CANCELLED. */
export function generateText(options: GenerateOptions): Promise<Generated> {
  return scoped(async (scope) => {
    const folder = await findCheckpoint(options.checkpoint);
    const tokenizer = await readTokenizer(tokenizerPath(folder));
    const model = await readModelFolder(folder);
    const { vocabularySize } = tokenizer;
    checkCovers(folder, { known: model.config.vocabularySize, vocabularySize });
    const padding = paddingNote(model.config.vocabularySize, vocabularySize);
    if (padding !== undefined) options.note?.(padding);
    const window = Math.min(WINDOW, model.config.maxPositions);
    const { threads } = options;
    const session = scope.use(
      await openSession(nextTokenGraph(model.config, window), { threads, device: 'cpu' }),
    );
    const next = nextLogits(session, model, window);
    const ids = [tokenizer.endOfText, ...(await tokenizer.encode(options.prompt))];
    const first = ids.length;
    const random = new Random(options.seed);
    const began = performance.now();
    while (ids.length - first < options.tokens) {
      if (options.signal?.aborted) throw cancelled();
      const logits = (await next(ids)).subarray(0, vocabularySize); // no id of a padded head
      const id = sampleToken(logits, options, random);
      if (id === tokenizer.endOfText) break;
      ids.push(id);
    }
    const tokens = ids.length - first;
    const seconds = (performance.now() - began) / 1000;
    const text = await tokenizer.decode(ids.slice(1));
    return { checkpoint: folder, prompt: options.prompt, text, tokens, tokensPerSecond: tokens / seconds };
  });
}

/** The logits of one position: tokens int64 [1, window], position int64 [1], parameters by name → logits [1, V]. */
function nextTokenGraph(config: ModelConfig, window: number): Uint8Array {
  const graph = new Graph('next-token');
  const tokens = graph.input('tokens', 'int64', [1, window]);
  const position = graph.input('position', 'int64', [1]);
  const parameters = parameterInputs(config, graph);
  const { hidden, head } = transformer(config, { tokens, parameters });
  graph.output('logits', logitsOf({ hidden: gather(hidden, position), head }));
  return serialize(graph);
}

/** The logits after a text. What lies behind the asked position is padding that a causal model does not see. */
function nextLogits(
  session: Session,
  model: Model,
  window: number,
): (ids: readonly number[]) => Promise<Float32Array> {
  const { config } = model;
  const weights = tensorsOf(model);
  const logits = {
    dtype: 'float32',
    shape: [1, config.vocabularySize],
    data: new Float32Array(config.vocabularySize),
  } as const;
  return async (ids) => {
    const seen = ids.slice(-window);
    const tokens = new BigInt64Array(window);
    for (const [i, id] of seen.entries()) tokens[i] = BigInt(id);
    await session.run(
      {
        ...weights,
        tokens: { dtype: 'int64', shape: [1, window], data: tokens },
        position: { dtype: 'int64', shape: [1], data: BigInt64Array.of(BigInt(seen.length - 1)) },
      },
      { logits },
    );
    return logits.data;
  };
}

function cancelled(): BrineError {
  return new BrineError('CANCELLED', 'the sampling was interrupted', { hint: 'Run the command again.' });
}
