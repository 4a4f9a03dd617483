import { Random } from '../../../src/base/random.ts';
import { identityHash, type LabelIdentity } from '../../../src/labels/identity.ts';
import type { MadeRow } from './codec.ts';

/**
 * Rows of synthetic teachers with realistic distributions: normal logits over a vocabulary in order
 * of frequency, with a falling trend (−ln of the rank), sharpened so that 50 systematic draws
 * select about 13 distinct ids, and multinomial draws about 11.5.
 */
export interface SyntheticOptions {
  readonly rule: 'sampled' | 'multinomial';
  readonly draws: number;
  readonly vocabulary: number;
  readonly rows: number;
  /** T */
  readonly positions: number;
}

const SHARPNESS = 2.4;
const DEVIATION = 2;

export function syntheticRows({ rows, ...options }: SyntheticOptions): MadeRow[] {
  const shape = tables(options.vocabulary);
  return Array.from({ length: rows }, (_, row) => rowOf({ row, shape, ...options }));
}

interface RowOptions extends Omit<SyntheticOptions, 'rows'> {
  readonly row: number;
  readonly shape: Tables;
}

function rowOf({ row, positions, vocabulary, draws, rule, shape }: RowOptions): MadeRow {
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

/**
 * A distribution like a language model's: by frequency rank, scaled by what the context makes
 * likely.
 */
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
  /** −ln of the frequency rank. */
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
