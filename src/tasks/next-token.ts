import { dirname } from 'node:path';
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
import { exportedPositions } from './exported-positions.ts';

/**
 * A model that computes the logits after a growing text. Graphs have static sizes, so the text is
 * computed in the smallest of a few windows that can hold it. The head is computed only for the
 * last position.
 */
export interface NextToken {
  /** Maximum number of positions of the model. */
  readonly positions: number;
  /** Vocabulary size of the model, if it declares one. */
  readonly known: number | undefined;
  /**
   * Computes the logits [V] after the last `positions` ids. The next call overwrites them. Throws
   * ENGINE_FAILED and MODEL_NOT_FINITE.
   */
  logits(ids: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface NextTokenOptions {
  readonly folder: string;
  /** Vocabulary size of the tokenizer. A padded head is cut to it. */
  readonly vocabulary: number;
  /** Maximum number of ids of the text. */
  readonly most: number;
  readonly threads: number;
}

/**
 * Opens a model. Throws as readModelFolder and readCausalModel, TOKENIZER_MISMATCH when the
 * vocabulary of the model is smaller than that of the tokenizer, and MODEL_NOT_FINITE when a weight
 * is not finite.
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
      // Positions after the last one are padding, which a causal model ignores.
      const tokens = BigInt64Array.from({ length: window }, (_, i) => BigInt(seen[i] ?? 0));
      const logits = await source.run(session, { tokens, last: seen.length - 1 });
      requireChoice(folder, logits, ids.length);
      return logits;
    },
    close: async () => open?.session.close(),
  };
}

/**
 * Checks the logits. A model may exclude ids with -Infinity, but not all of them. Throws
 * MODEL_NOT_FINITE.
 */
function requireChoice(folder: string, logits: Float32Array, length: number): void {
  let most = -Infinity;
  for (const [id, logit] of logits.entries()) {
    if (Number.isNaN(logit) || logit === Infinity)
      throw modelNotFinite(folder, `the logit of id ${id} after ${length} ids is ${logit}`);
    most = Math.max(most, logit);
  }
  if (most === -Infinity) throw modelNotFinite(folder, `all logits after ${length} ids are -Infinity`);
}

/**
 * Smallest window. The text would soon outgrow a smaller one, and each window needs its own
 * session.
 */
const MIN_WINDOW = 16;

/**
 * Smallest window of 16, 24, 32, 48, 64, 96 … that holds the text, limited to the maximum length of
 * text and model. Pure.
 */
export function windowFor(
  length: number,
  { most, positions }: { readonly most: number; readonly positions: number },
): number {
  let window = MIN_WINDOW;
  while (window < length) window = Number.isInteger(Math.log2(window)) ? window * 1.5 : (window / 3) * 4;
  return Math.max(length, Math.min(window, most, positions));
}

interface Source {
  readonly positions: number;
  readonly known: number | undefined;
  /** The window, if the model has a fixed size. */
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

/** Name prefix of the nodes that are appended to an exported model. */
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
    positions: await exportedPositions(folder, whole),
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

/**
 * logits [B, T, V'] of the model, position int64 [1] → last [1, V]: the first row's logits at that
 * position.
 */
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
