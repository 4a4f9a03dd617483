import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Session } from '../engine/engine.ts';
import { openSession } from '../engine/session.ts';
import { cast, compose, gather, Graph, reshape, serialize, slice } from '../graph/index.ts';
import {
  logits as logitsOf,
  modelKind,
  modelNotFinite,
  parameterInputs,
  readModelFolder,
  requireFiniteParameters,
  transformer,
  type Model,
} from '../model/index.ts';
import { idsTensor, steadyFeeds } from '../teacher/onnx-feeds.ts';
import {
  checkDeclared,
  readCausalModel,
  tooFewIds,
  tryModel,
  type CausalModel,
} from '../teacher/onnx-outputs.ts';
import { tensorsOf } from '../tensor/layout.ts';

/**
 * A model that is asked for the logits after a text, again and again as the text grows. Graphs have static sizes, so the text is computed in the
 * smallest of a few windows that holds it, and the head for its last position alone.
 */
export interface NextToken {
  /** Positions that the model sees at most. */
  readonly positions: number;
  /** Ids that the model knows, as far as it says. */
  readonly known: number | undefined;
  /** The logits [V] after the last `positions` ids. They are overwritten by the next call. Throws ENGINE_FAILED, MODEL_NOT_FINITE. */
  logits(ids: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface NextTokenOptions {
  readonly folder: string;
  /** Of the tokenizer; a head that is padded beyond it is cut. */
  readonly vocabulary: number;
  /** Ids that the text will have at most. */
  readonly most: number;
  readonly threads: number;
}

/**
 * Throws what readModelFolder and readCausalModel throw, TOKENIZER_MISMATCH when the model knows fewer ids than the tokenizer, MODEL_NOT_FINITE for
 * weights that are no finite numbers.
 */
export async function openNextToken(options: NextTokenOptions): Promise<NextToken> {
  const { folder, most } = options;
  const source = (await modelKind(folder)) === 'onnx' ? await exported(options) : await checkpoint(options);
  let open: { readonly window: number; readonly session: Session } | undefined;
  const sessionFor = async (length: number): Promise<{ window: number; session: Session }> => {
    if (open !== undefined && length <= open.window) return open;
    await open?.session.close();
    open = undefined;
    const window = source.window ?? windowFor(length, { most, positions: source.positions });
    open = { window, session: await source.open(window) };
    return open;
  };
  return {
    positions: source.positions,
    known: source.known,
    async logits(ids) {
      const seen = ids.slice(-source.positions);
      const { window, session } = await sessionFor(seen.length);
      // What lies behind the asked position is padding that a causal model does not see.
      const tokens = BigInt64Array.from({ length: window }, (_, i) => BigInt(seen[i] ?? 0));
      const logits = await source.run(session, { tokens, last: seen.length - 1 });
      requireChoice(folder, logits, ids.length);
      return logits;
    },
    close: async () => open?.session.close(),
  };
}

/** A model may rule ids out by -Infinity, but not all of them. */
function requireChoice(folder: string, logits: Float32Array, length: number): void {
  let most = -Infinity;
  for (const [id, logit] of logits.entries()) {
    if (Number.isNaN(logit) || logit === Infinity)
      throw modelNotFinite(folder, `the logit of id ${id} after ${length} ids is ${logit}`);
    most = Math.max(most, logit);
  }
  if (most === -Infinity) throw modelNotFinite(folder, `all logits after ${length} ids are -Infinity`);
}

/** The least window. Smaller ones would be outgrown at once, and each takes a session of its own. */
const LEAST_WINDOW = 16;

/** The smallest of 16, 24, 32, 48, 64, 96 … that holds a text, no larger than the text and the model will ever be. Pure. */
export function windowFor(
  length: number,
  { most, positions }: { readonly most: number; readonly positions: number },
): number {
  let window = LEAST_WINDOW;
  while (window < length) window = Number.isInteger(Math.log2(window)) ? window * 1.5 : (window / 3) * 4;
  return Math.max(length, Math.min(window, most, positions));
}

interface Source {
  readonly positions: number;
  readonly known: number | undefined;
  /** The only window that the model has. */
  readonly window?: number | undefined;
  open(window: number): Promise<Session>;
  run(
    session: Session,
    ids: { readonly tokens: BigInt64Array; readonly last: number },
  ): Promise<Float32Array>;
}

async function checkpoint({ folder, vocabulary, threads }: NextTokenOptions): Promise<Source> {
  const model = await readModelFolder(folder);
  requireFiniteParameters(folder, model);
  const { config } = model;
  if (config.vocabularySize < vocabulary) throw tooFewIds(folder, config.vocabularySize, vocabulary);
  const weights = tensorsOf(model);
  const shape = [1, config.vocabularySize];
  const logits = { dtype: 'float32', shape, data: new Float32Array(config.vocabularySize) } as const;
  return {
    positions: config.maxPositions,
    known: config.vocabularySize,
    open: (window) => openSession(nextTokenGraph(model, window), { threads, device: 'cpu' }),
    async run(session, { tokens, last }) {
      await session.run(
        {
          ...weights,
          tokens: { dtype: 'int64', shape: [1, tokens.length], data: tokens },
          position: { dtype: 'int64', shape: [1], data: BigInt64Array.of(BigInt(last)) },
        },
        { logits },
      );
      return logits.data.subarray(0, vocabulary);
    },
  };
}

/** tokens int64 [1, window], position int64 [1], parameters by name → logits [1, V]. */
function nextTokenGraph({ config }: Model, window: number): Uint8Array {
  const graph = new Graph('next-token');
  const tokens = graph.input('tokens', 'int64', [1, window]);
  const position = graph.input('position', 'int64', [1]);
  const { hidden, head } = transformer(config, { tokens, parameters: parameterInputs(config, graph) });
  graph.output('logits', logitsOf({ hidden: gather(hidden, position), head }));
  return serialize(graph);
}

/** Before the names of what stands behind an exported model. */
const PREFIX = 'brine.';

async function exported({ folder, vocabulary, threads }: NextTokenOptions): Promise<Source> {
  const whole = await readCausalModel(folder);
  const { path, model, ids, extent, bytes, logits } = whole;
  if (extent !== undefined && extent < vocabulary) throw tooFewIds(path, extent, vocabulary);
  const [fixedRows, fixedPositions] = ids.shape ?? [];
  const rows = typeof fixedRows === 'number' ? fixedRows : 1;
  const engine = { threads, device: 'cpu', dataFolder: dirname(path) } as const;
  const steadyFor = (positions: number) => steadyFeeds({ path, model, ids, rows, positions });
  return {
    positions: typeof fixedPositions === 'number' ? fixedPositions : await positionsOf(folder),
    known: extent,
    window: typeof fixedPositions === 'number' ? fixedPositions : undefined,
    async open(window) {
      checkDeclared(whole, window);
      const part = lastLogits(whole, { rows, window, vocabulary });
      return openSession(
        compose(bytes, { model, part, bound: { logits: logits.name }, prefix: PREFIX }),
        engine,
      );
    },
    async run(session, { tokens, last }) {
      const positions = tokens.length;
      const all = new BigInt64Array(rows * positions);
      all.set(tokens); // further rows are padding
      const position = { dtype: 'int64', shape: [1], data: BigInt64Array.of(BigInt(last)) } as const;
      const feeds = { [ids.name]: idsTensor(ids, all, rows), [`${PREFIX}position`]: position };
      const output = `${PREFIX}last`;
      const found = await session
        .run({ ...steadyFor(positions), ...feeds }, { [output]: null })
        .catch(async (error: unknown) => {
          await tryModel(whole, { rows, positions, vocabulary }, engine);
          throw error;
        });
      return found[output]!.data as Float32Array;
    },
  };
}

/** logits [B, T, V'] of the model, position int64 [1] → last [1, V]: the first row's logits at that position. */
function lastLogits(
  { logitsType, extent = 0 }: CausalModel,
  { rows, window, vocabulary }: { rows: number; window: number; vocabulary: number },
): Graph {
  const graph = new Graph('last');
  const known = Math.max(extent, vocabulary);
  const whole = graph.input('logits', logitsType, [rows, window, known]);
  const position = graph.input('position', 'int64', [1]);
  const single = cast(slice(whole, { starts: [0], ends: [vocabulary], axes: [2] }), 'float32');
  graph.output('last', gather(reshape(single, [rows * window, vocabulary]), position));
  return graph;
}

/** Of a model that takes rows of any length and whose config.json does not say how long they may be. */
const DEFAULT_POSITIONS = 1024;

/** By the names that configurations use. */
const POSITION_KEYS = ['max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len', 'seq_length'];

async function positionsOf(folder: string): Promise<number> {
  try {
    const document = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const found = POSITION_KEYS.map((key) => document[key]).find((value) => Number.isInteger(value));
    return found === undefined || Number(found) < 1 ? DEFAULT_POSITIONS : Number(found);
  } catch {
    return DEFAULT_POSITIONS; // an exported model is whole without a config.json
  }
}
