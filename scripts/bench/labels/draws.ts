import { Random } from '../../../src/base/random.ts';
import { openSession } from '../../../src/engine/session.ts';
import { Graph, mul, serialize, softmax } from '../../../src/graph/index.ts';
import { HEADER_BYTES, openRecord, tokenHash } from '../../../src/labels/record/header.ts';
import { identityHash, type DrawingRule, type LabelIdentity } from '../../../src/labels/identity.ts';
import { overLogits } from '../../../src/labels/drawing/logits.ts';
import { decodeRecord, type RowLabels } from '../../../src/labels/record/record.ts';
import {
  modelIdentity,
  parameterInputs,
  readModelFolder,
  transformer,
  type Model,
} from '../../../src/model/index.ts';
import { create } from '../../../src/teacher/program.ts';
import { tensorsOf } from '../../../src/tensor/layout.ts';

/** Rows of a token set, by number. */
export interface Rows {
  readonly numbers: readonly number[];
  /** T + 1 ids of each row. */
  readonly tokens: readonly Uint32Array[];
}

export interface DrawOptions {
  /** Folder of the teacher's checkpoint. */
  readonly teacher: string;
  readonly vocabulary: number;
  /** T */
  readonly positions: number;
  readonly threads: number;
}

export interface DrawnLabels {
  readonly labels: readonly RowLabels[];
  /** Bytes a position that training reads, with the header. */
  readonly bytesPerToken: number;
  readonly distinctIds: number;
}

/** Labels of a rule, drawn and encoded by the teacher's program and decoded again. */
export async function drawLabels(rule: DrawingRule, rows: Rows, options: DrawOptions): Promise<DrawnLabels> {
  const { teacher, vocabulary, positions, threads } = options;
  const identity = await benchIdentity(teacher, rule);
  const program = await create({
    modelFolder: teacher,
    identity,
    rows: 1,
    positions,
    vocabulary,
    threads,
    device: 'cpu',
  });
  try {
    const { records } = await program.label({ rows: rows.numbers, tokens: rows.tokens });
    const hash = identityHash(identity);
    const labels = records.map((record, at) =>
      decodeRecord(record, {
        row: rows.numbers[at]!,
        identity: hash,
        tokenHash: tokenHash(rows.tokens[at]!),
      }),
    );
    const count = positions * records.length;
    const bytes = records.reduce((sum, record) => sum + HEADER_BYTES + openRecord(record).labels.length, 0);
    return {
      labels,
      bytesPerToken: bytes / count,
      distinctIds: labels.reduce((sum, { ids }) => sum + ids.length, 0) / count,
    };
  } finally {
    await program.close();
  }
}

export async function benchIdentity(teacher: string, rule: DrawingRule): Promise<LabelIdentity> {
  return { tokenizer: 'bench', data: 'bench', teacher: await modelIdentity(teacher), rule };
}

/**
 * Sampling as published (Sparse Logit Sampling, arXiv 2503.16870): independent draws from the
 * teacher's distribution. Each distinct id is stored with its count in 3 bytes (17 bits and 7).
 */
export class MultinomialLabels {
  readonly #model: Model;
  readonly #options: DrawOptions;

  private constructor(model: Model, options: DrawOptions) {
    this.#model = model;
    this.#options = options;
  }

  static async open(options: DrawOptions): Promise<MultinomialLabels> {
    return new MultinomialLabels(await readModelFolder(options.teacher), options);
  }

  /**
   * For each number of draws, the labels of all rows. Only one row's distributions are in memory at
   * a time.
   */
  async draw(rows: Rows, temperature: number, draws: readonly number[]): Promise<DrawnLabels[]> {
    const { positions, threads, vocabulary } = this.#options;
    const graph = new Graph('distributions');
    const tokens = graph.input('tokens', 'int64', [1, positions]);
    const outputs = transformer(this.#model.config, {
      tokens,
      parameters: parameterInputs(this.#model.config, graph),
    });
    const { q } = overLogits({ ...outputs, vocabulary }, (logits) => ({
      q: softmax(mul(logits, 1 / temperature)),
    }));
    graph.output('q', q);
    const session = await openSession(serialize(graph), { threads, device: 'cpu' });
    const drawn: RowLabels[][] = draws.map(() => []);
    try {
      for (const [at, row] of rows.numbers.entries()) {
        const ids = BigInt64Array.from(rows.tokens[at]!.subarray(0, positions), BigInt);
        const feeds = { tokens: { dtype: 'int64' as const, shape: [1, positions], data: ids } };
        const found = await session.run({ ...tensorsOf(this.#model), ...feeds }, { q: null });
        const rowOf = rowSampler(found['q']!.data as Float32Array, { row, positions, vocabulary });
        draws.forEach((count, number) => drawn[number]!.push(rowOf(count)));
      }
    } finally {
      await session.close();
    }
    return drawn.map((labels) => {
      const distinctIds = labels.reduce((sum, { ids }) => sum + ids.length, 0) / (positions * labels.length);
      return { labels, distinctIds, bytesPerToken: 3 * distinctIds };
    });
  }
}

/** Draws from the distributions [T, V] of one row by inverting their running sums. */
function rowSampler(
  distributions: Float32Array,
  { row, positions, vocabulary }: { row: number; positions: number; vocabulary: number },
) {
  const sums = new Float64Array(distributions.length);
  for (let t = 0; t < positions; t += 1) {
    let sum = 0;
    for (let i = t * vocabulary; i < (t + 1) * vocabulary; i += 1) sums[i] = sum += distributions[i]!;
  }
  return (draws: number): RowLabels => {
    const random = new Random(17, row, draws);
    const offsets = new Uint32Array(positions + 1);
    const ids: number[] = [];
    const weights: number[] = [];
    for (let t = 0; t < positions; t += 1) {
      const line = sums.subarray(t * vocabulary, (t + 1) * vocabulary);
      const points = Float64Array.from({ length: draws }, () => random.float() * line[vocabulary - 1]!);
      const found = Array.from(points, (point) => firstAbove(line, point)).toSorted((a, b) => a - b);
      for (const [i, id] of found.entries()) {
        if (i > 0 && found[i - 1] === id) weights[weights.length - 1]! += 1 / draws;
        else {
          ids.push(id);
          weights.push(1 / draws);
        }
      }
      offsets[t + 1] = ids.length;
    }
    return { row, positions, offsets, ids: Uint32Array.from(ids), weights: Float32Array.from(weights) };
  };
}

/** Finds the first id whose running sum exceeds a point. */
function firstAbove(sums: Float64Array, point: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle]! > point) high = middle;
    else low = middle + 1;
  }
  return low;
}
