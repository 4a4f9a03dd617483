/**
 * What a soft label costs: bytes and time of the record codec, on made-up teachers whose distributions have the shape of real
 * ones: logits normal over a vocabulary in order of frequency, with a falling trend (−ln of the rank), sharpened so that 50 systematic
 * draws hit about 13 distinct ids, multinomial ones about 11.5. Rows are of 512 positions; a record holds everything (header, labels, context).
 *
 *     npm run -s bench -- labels --json
 */
import { Random } from '../../src/base/random.ts';
import { tokenHash } from '../../src/labels/header.ts';
import { identityHash, type LabelIdentity } from '../../src/labels/identity.ts';
import { decodeRecord, encodeRecord, type RecordForm, type RowLabels } from '../../src/labels/record.ts';

export interface LabelsBenchOptions {
  /** vocabulary=50257 draws=50 rows=16 positions=512 repeats=7 (timings of which the median counts). */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface LabelsFigures {
  readonly bench: 'labels';
  readonly rule: 'sampled' | 'multinomial';
  readonly draws: number;
  readonly vocabulary: number;
  /** Everything of a record over its positions. */
  readonly bytesPerToken: number;
  readonly distinctIds: number;
  readonly tokensPerSecondEncode: number;
  readonly tokensPerSecondDecode: number;
}

const SHARPNESS = 2.4;
const DEVIATION = 2;

export async function* bench({ settings = {} }: LabelsBenchOptions = {}): AsyncGenerator<LabelsFigures> {
  const setting = (name: string, usual: number) => Number(settings[name] ?? usual);
  const [vocabulary, draws, repeats] = [
    setting('vocabulary', 50_257),
    setting('draws', 50),
    setting('repeats', 7),
  ];
  const [rows, positions] = [setting('rows', 16), setting('positions', 512)];
  const shape = tables(vocabulary);
  for (const rule of ['sampled', 'multinomial'] as const) {
    const made = Array.from({ length: rows }, (_, row) =>
      rowOf({ row, positions, vocabulary, draws, rule, shape }),
    );
    yield measure(made, { rule, draws, vocabulary, positions, repeats });
    // Between figures whoever listens may print.
    await Promise.resolve();
  }
}

interface Made {
  readonly labels: RowLabels;
  readonly form: RecordForm;
}

interface RowOptions {
  readonly row: number;
  readonly positions: number;
  readonly vocabulary: number;
  readonly draws: number;
  readonly rule: 'sampled' | 'multinomial';
  readonly shape: Tables;
}

function rowOf({ row, positions, vocabulary, draws, rule, shape }: RowOptions): Made {
  const random = new Random(1, row);
  const identity: LabelIdentity = {
    tokenizer: 'bench',
    data: 'bench',
    teacher: 'bench',
    rule: { kind: 'sampled', draws, temperature: 1, seed: 1 },
  };
  const offsets = new Uint32Array(positions + 1);
  const ids: number[] = [];
  const weights: number[] = [];
  const context = {
    trueLogProb: new Float32Array(positions),
    trueRank: new Uint16Array(positions),
    entropy: new Float32Array(positions),
  };
  const p = new Float64Array(vocabulary);
  for (let t = 0; t < positions; t += 1) {
    distribution(p, random, shape);
    const truth = pick(p, random.float());
    context.trueLogProb[t] = Math.log(p[truth]!);
    for (const mass of p) {
      if (mass > p[truth]!) context.trueRank[t]! += 1;
      if (mass > 0) context.entropy[t]! -= mass * Math.log(mass);
    }
    const counts = rule === 'sampled' ? systematic(p, draws, random.float()) : multinomial(p, draws, random);
    for (const [id, count] of counts) {
      ids.push(id);
      weights.push(count / draws);
    }
    offsets[t + 1] = ids.length;
  }
  const labels = {
    row,
    positions,
    offsets,
    ids: Uint32Array.from(ids),
    weights: Float32Array.from(weights),
    context,
  };
  const tokens = Uint32Array.from({ length: positions + 1 }, () => random.integer(vocabulary));
  return { labels, form: { identity: identityHash(identity), tokens, rule: identity.rule, vocabulary } };
}

/** A distribution like a language model's: by rank of frequency, times what the context makes likely. */
function distribution(p: Float64Array, random: Random, { normals, priors }: Tables): void {
  const sharpness = SHARPNESS * (0.5 + random.float());
  const [from, stride] = [random.integer(normals.length), 2 * random.integer(normals.length / 2) + 1];
  let sum = 0;
  for (let id = 0; id < p.length; id += 1) {
    const normal = normals[(from + id * stride) % normals.length]!;
    p[id] = Math.exp(sharpness * (DEVIATION * normal + priors[id]!));
    sum += p[id]!;
  }
  for (let id = 0; id < p.length; id += 1) p[id]! /= sum;
}

interface Tables {
  readonly normals: Float64Array;
  /** −ln of the rank of frequency. */
  readonly priors: Float64Array;
}

function tables(vocabulary: number): Tables {
  const random = new Random(2);
  return {
    normals: Float64Array.from({ length: 65_536 }, () => random.normal()),
    priors: Float64Array.from({ length: vocabulary }, (_, id) => -Math.log(id + 10)),
  };
}

function pick(p: Float64Array, at: number): number {
  let sum = 0;
  for (let id = 0; id < p.length; id += 1) {
    sum += p[id]!;
    if (sum > at) return id;
  }
  return p.length - 1;
}

function systematic(p: Float64Array, draws: number, u: number): Map<number, number> {
  const counts = new Map<number, number>();
  let sum = 0;
  let before = 0;
  for (let id = 0; id < p.length; id += 1) {
    sum += p[id]!;
    const after = id === p.length - 1 ? draws : Math.min(draws, Math.floor(draws * sum + u));
    if (after > before) counts.set(id, after - before);
    before = after;
  }
  return counts;
}

function multinomial(p: Float64Array, draws: number, random: Random): Map<number, number> {
  const points = Float64Array.from({ length: draws }, () => random.float()).toSorted();
  const counts = new Map<number, number>();
  let sum = 0;
  let id = -1;
  for (const point of points) {
    while (sum <= point && id < p.length - 1) {
      id += 1;
      sum += p[id]!;
    }
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

interface Measurement {
  readonly rule: 'sampled' | 'multinomial';
  readonly draws: number;
  readonly vocabulary: number;
  readonly positions: number;
  readonly repeats: number;
}

function measure(
  made: readonly Made[],
  { rule, draws, vocabulary, positions, repeats }: Measurement,
): LabelsFigures {
  const tokens = made.length * positions;
  const encode = () => made.map(({ labels, form }) => encodeRecord(labels, form));
  const records = encode();
  const expected = made.map(({ labels, form }) => ({
    row: labels.row,
    identity: form.identity,
    tokenHash: tokenHash(form.tokens),
  }));
  const decode = () => records.map((record, i) => decodeRecord(record, expected[i]!));
  const bytes = records.reduce((sum, record) => sum + record.length, 0);
  const ids = made.reduce((sum, { labels }) => sum + labels.ids.length, 0);
  return {
    bench: 'labels',
    rule,
    draws,
    vocabulary,
    bytesPerToken: round(bytes / tokens, 2),
    distinctIds: round(ids / tokens, 2),
    tokensPerSecondEncode: Math.round(tokens / medianSeconds(encode, repeats)),
    tokensPerSecondDecode: Math.round(tokens / medianSeconds(decode, repeats)),
  };
}

function medianSeconds(work: () => unknown, repeats: number): number {
  for (let i = 0; i < 3; i += 1) work();
  const times = Float64Array.from({ length: repeats }, () => {
    const started = performance.now();
    work();
    return (performance.now() - started) / 1000;
  });
  return times.toSorted()[repeats >> 1]!;
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
