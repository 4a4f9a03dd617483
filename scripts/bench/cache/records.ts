/**
 * Synthetic rows and labels of the cache benchmark, pure functions of the row number, so that all
 * processes generate the same.
 */
import { Random } from '../../../src/base/random.ts';
import { identityHash, type LabelIdentity } from '../../../src/labels/identity.ts';
import { encodeRecord } from '../../../src/labels/record/record.ts';
import type { TokenRows } from '../../../src/labels/server/server-types.ts';

export interface MadeUpRows {
  readonly identity: LabelIdentity;
  readonly tokens: TokenRows;
  readonly recordOf: (row: number) => Uint8Array;
}

export const POSITIONS = 512;
const VOCABULARY = 50_257;
const DRAWS = 50;
/** Number of ids in a position's distribution. */
const CANDIDATES = 96;

/**
 * 50 systematic draws from peaked distributions, which select about 13 distinct ids, like a real
 * teacher.
 */
export function likeATeachers(rows: number): MadeUpRows {
  const identity = identityOf({ kind: 'sampled', draws: DRAWS, temperature: 1, seed: 1 });
  const tokens = tokensOf(rows);
  return { identity, tokens, recordOf: (row) => sampledRecord(row, identity, tokens.read(row)) };
}

/** Records of about 64 KiB: the top 35 ids of every position. */
export function of64KiB(rows: number): MadeUpRows {
  const identity = identityOf({ kind: 'topk', k: TOP, temperature: 1 });
  const tokens = tokensOf(rows);
  return { identity, tokens, recordOf: (row) => topRecord(row, identity, tokens.read(row)) };
}

const TOP = 35;

function identityOf(rule: LabelIdentity['rule']): LabelIdentity {
  return { tokenizer: 'bench', data: 'bench', teacher: 'bench', rule };
}

function tokensOf(rows: number): TokenRows {
  const made = Array.from({ length: rows }, (_, row) => {
    const random = new Random(1, row);
    return Uint32Array.from({ length: POSITIONS + 1 }, () => random.integer(VOCABULARY));
  });
  return { rows, rowLength: POSITIONS + 1, vocabularySize: VOCABULARY, read: (row) => made[row]!.slice() };
}

function sampledRecord(row: number, identity: LabelIdentity, tokens: Uint32Array): Uint8Array {
  const random = new Random(2, row);
  const counts = Array.from({ length: POSITIONS }, () => drawn(random));
  const entries = counts.map((position) => Array.from(position).toSorted(([a], [b]) => a - b));
  return encode(row, {
    identity,
    tokens,
    entries: entries.map((position) => position.map(([id, count]) => [id, count / DRAWS] as const)),
  });
}

/** Counts by id. Weights fall as a power of the rank, with an exponent that differs by position. */
function drawn(random: Random): Map<number, number> {
  const sharpness = 0.9 + 2.2 * random.float();
  const masses = Float64Array.from({ length: CANDIDATES }, (_, rank) => (rank + 1) ** -sharpness);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const u = random.float();
  const counts = new Map<number, number>();
  let [sum, before] = [0, 0];
  for (const [rank, mass] of masses.entries()) {
    sum += mass / total;
    const after = rank === CANDIDATES - 1 ? DRAWS : Math.min(DRAWS, Math.floor(DRAWS * sum + u));
    const id = Math.floor(VOCABULARY * random.float() ** 4);
    if (after > before) counts.set(id, (counts.get(id) ?? 0) + after - before);
    before = after;
  }
  return counts;
}

function topRecord(row: number, identity: LabelIdentity, tokens: Uint32Array): Uint8Array {
  const random = new Random(3, row);
  const entries = Array.from({ length: POSITIONS }, () => {
    const ids = new Set<number>();
    while (ids.size < TOP) ids.add(random.integer(VOCABULARY));
    const masses = Array.from(ids, () => random.float());
    const sum = masses.reduce((a, b) => a + b, 0) / 0.99; // the rest is the remaining
    return Array.from(ids)
      .toSorted((a, b) => a - b)
      .map((id, at) => [id, masses[at]! / sum] as const);
  });
  return encode(row, { identity, tokens, entries });
}

interface Content {
  readonly identity: LabelIdentity;
  readonly tokens: Uint32Array;
  /** For each position, ascending ids and their mass. */
  readonly entries: readonly (readonly (readonly [number, number])[])[];
}

function encode(row: number, { identity, tokens, entries }: Content): Uint8Array {
  const random = new Random(4, row);
  const offsets = new Uint32Array(POSITIONS + 1);
  entries.forEach((position, t) => (offsets[t + 1] = offsets[t]! + position.length));
  const context = {
    trueLogProb: Float32Array.from({ length: POSITIONS }, () => -8 * random.float()),
    trueRank: Uint16Array.from({ length: POSITIONS }, () => Math.floor(20_000 * random.float() ** 8)),
    entropy: Float32Array.from({ length: POSITIONS }, () => 6 * random.float()),
  };
  const labels = {
    row,
    positions: POSITIONS,
    offsets,
    ids: Uint32Array.from(entries.flatMap((position) => position.map(([id]) => id))),
    weights: Float32Array.from(entries.flatMap((position) => position.map(([, weight]) => weight))),
    ...(identity.rule.kind === 'topk' && { remaining: new Float32Array(POSITIONS).fill(0.01) }),
    context,
  };
  const form = { identity: identityHash(identity), tokens, rule: identity.rule, vocabulary: VOCABULARY };
  return encodeRecord(labels, form);
}
