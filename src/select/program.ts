import { BrineError } from '../base/errors.ts';
import type { EngineOptions, Session } from '../engine/engine.ts';
import { openSession } from '../engine/session.ts';
import { Graph, serialize, type Value } from '../graph/index.ts';
import { contextGraph } from '../labels/context-graph.ts';
import { overLogits, positionsOf } from '../labels/logits.ts';
import { parameterInputs, readModelFolder, transformer, type ModelConfig } from '../model/index.ts';
import type { TensorData } from '../tensor/dtype.ts';
import { tensorsOf } from '../tensor/layout.ts';

/** The engine's side of scoring: rows of token ids in, two numbers a row out. Runs in an engine thread. */
export interface ScorerInit extends EngineOptions {
  /** An early checkpoint of the small model. */
  readonly modelFolder: string;
  /** Rows of one run of the graph. */
  readonly rows: number;
  /** T */
  readonly positions: number;
  /** The tokenizer's. */
  readonly vocabulary: number;
  /** Only positions whose true id is among this many most likely ones count for the score. */
  readonly topK: number;
}

export interface RowScores {
  /** Median loss over the positions that count, nats; NaN where none does. */
  readonly score: Float32Array<ArrayBuffer>;
  /** Mean loss over all positions, nats. */
  readonly meanLoss: Float32Array<ArrayBuffer>;
}

export type ScorerProgram = Awaited<ReturnType<typeof create>>;

/** Throws TOKENIZER_MISMATCH, ENGINE_FAILED, and what readModelFolder throws. */
export async function create(init: ScorerInit) {
  const model = await readModelFolder(init.modelFolder);
  const session = await openSession(serialize(scorerGraph(model.config, init)), init);
  const parameters = tensorsOf(model);
  return {
    /** The scores of at most `rows` rows of T + 1 ids. Throws BAD_ARGUMENT. */
    score: (tokens: readonly Uint32Array[]) => scoreBatch(tokens, { session, parameters, init }),
    close: () => session.close(),
  };
}

/** Inputs: tokens int64 [B, T], trueIds int64 [N = B·T], the parameters. Outputs: trueLogProb and trueRank float32 [N]. */
function scorerGraph(config: ModelConfig, { rows, positions, vocabulary }: ScorerInit): Graph {
  const graph = new Graph('scorer');
  const tokens = graph.input('tokens', 'int64', [rows, positions]);
  const trueIds = graph.input('trueIds', 'int64', [rows * positions]);
  const outputs = transformer(config, { tokens, parameters: parameterInputs(config, graph) });
  const columns = overLogits({ ...outputs, vocabulary }, (logits, begin, end): Record<string, Value> => {
    const { trueLogProb, trueRank } = contextGraph(logits, positionsOf(trueIds, begin, end));
    return { trueLogProb, trueRank };
  });
  for (const [name, value] of Object.entries(columns)) graph.output(name, value);
  return graph;
}

interface Scoring {
  readonly session: Session;
  readonly parameters: Readonly<Record<string, TensorData>>;
  readonly init: ScorerInit;
}

async function scoreBatch(
  tokens: readonly Uint32Array[],
  { session, parameters, init }: Scoring,
): Promise<RowScores> {
  const { rows, positions, topK } = init;
  const out = await session.run(
    { ...parameters, ...batchFeeds(tokens, init) },
    { trueLogProb: null, trueRank: null },
  );
  const logProb = out['trueLogProb']!.data as Float32Array;
  const rank = out['trueRank']!.data as Float32Array;
  const count = Math.min(rows, tokens.length);
  const score = new Float32Array(count);
  const meanLoss = new Float32Array(count);
  for (let b = 0; b < count; b += 1) {
    const losses = logProb.slice(b * positions, (b + 1) * positions).map((value) => -value);
    score[b] = median(losses.filter((_, t) => rank[b * positions + t]! < topK));
    meanLoss[b] = losses.reduce((sum, loss) => sum + loss, 0) / positions;
  }
  return { score, meanLoss };
}

/** A batch that is not full is filled up with rows of id 0, whose scores are dropped. */
function batchFeeds(tokens: readonly Uint32Array[], { rows, positions, vocabulary }: ScorerInit) {
  const ids = new BigInt64Array(rows * positions);
  const trueIds = new BigInt64Array(rows * positions);
  tokens.forEach((own, b) => {
    if (b >= rows || own.length !== positions + 1 || own.some((id) => id >= vocabulary)) {
      throw new BrineError('BAD_ARGUMENT', `row ${b} of a batch of ${tokens.length} has ${own.length} ids`, {
        hint: `This scorer takes up to ${rows} rows of ${positions + 1} ids below ${vocabulary}.`,
      });
    }
    for (let t = 0; t < positions; t += 1) {
      ids[b * positions + t] = BigInt(own[t]!);
      trueIds[b * positions + t] = BigInt(own[t + 1]!);
    }
  });
  return {
    tokens: { dtype: 'int64', shape: [rows, positions], data: ids },
    trueIds: { dtype: 'int64', shape: [rows * positions], data: trueIds },
  } as const;
}

/** Of an even number of values the mean of the middle two; NaN of none. */
export function median(values: Float32Array): number {
  if (values.length === 0) return NaN;
  const sorted = values.toSorted();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
