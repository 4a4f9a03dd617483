import { Random } from '../../src/base/random.ts';
import { identityHash, type LabelIdentity } from '../../src/labels/identity.ts';
import type { RecordForm, RowLabels } from '../../src/labels/record/record.ts';

export const IDENTITY: LabelIdentity = {
  tokenizer: 'a'.repeat(64),
  data: 'b'.repeat(64),
  teacher: 'c'.repeat(64),
  rule: { kind: 'sampled', draws: 50, temperature: 1, seed: 7 },
};

export interface RowShape {
  readonly row: number;
  readonly positions: number;
  readonly vocabulary: number;
  readonly identity?: LabelIdentity;
  readonly context?: boolean;
}

/** Token ids of a row, a pure function of its number. */
export function rowTokens(row: number, { positions, vocabulary }: { positions: number; vocabulary: number }) {
  const random = new Random(11, row);
  return Uint32Array.from({ length: positions + 1 }, () => random.integer(vocabulary));
}

/** Synthetic labels of a row, in the form of its rule. */
export function rowLabels({
  row,
  positions,
  vocabulary,
  identity = IDENTITY,
  context = true,
}: RowShape): RowLabels {
  const random = new Random(5, row);
  const { rule } = identity;
  const offsets = new Uint32Array(positions + 1);
  const ids: number[] = [];
  const weights: number[] = [];
  const rest: number[] = [];
  for (let t = 0; t < positions && rule.kind !== 'context'; t += 1) {
    const kept = new Map<number, number>();
    const share = rule.kind === 'topk' ? random.float() / 4 : 1; // of the kept ids
    if (rule.kind === 'sampled') {
      for (let i = 0; i < rule.draws; i += 1) {
        const id = Math.floor(vocabulary * random.float() ** 6);
        kept.set(id, (kept.get(id) ?? 0) + 1 / rule.draws);
      }
    } else {
      const size = rule.kind === 'dense' ? vocabulary : Math.min(rule.k, vocabulary);
      for (let i = 0; i < size; i += 1) kept.set(Math.floor((i * vocabulary) / size), random.float() + 1e-3);
      const sum = Array.from(kept.values()).reduce((a, b) => a + b, 0);
      for (const [id, mass] of kept) kept.set(id, (share * mass) / sum);
      rest.push(1 - share);
    }
    for (const id of Array.from(kept.keys()).toSorted((a, b) => a - b)) {
      ids.push(id);
      weights.push(kept.get(id)!);
    }
    offsets[t + 1] = ids.length;
  }
  return {
    row,
    positions,
    offsets,
    ids: Uint32Array.from(ids),
    weights: Float32Array.from(weights),
    remaining: rule.kind === 'topk' ? Float32Array.from(rest) : undefined,
    context: context
      ? {
          trueLogProb: Float32Array.from({ length: positions }, () => -20 * random.float()),
          trueRank: Uint16Array.from({ length: positions }, () =>
            Math.floor(Math.min(60_000, vocabulary) * random.float() ** 9),
          ),
          entropy: Float32Array.from({ length: positions }, () => Math.log(vocabulary) * random.float()),
        }
      : undefined,
  };
}

export function formOf({ row, positions, vocabulary, identity = IDENTITY }: RowShape): RecordForm {
  return {
    identity: identityHash(identity),
    tokens: rowTokens(row, { positions, vocabulary }),
    rule: identity.rule,
    vocabulary,
  };
}
