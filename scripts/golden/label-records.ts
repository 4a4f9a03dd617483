/**
 * Writes test/labels/record-vectors.json: the bytes of label records, with the content that they
 * encode. Run it by hand after a change of the format, which also needs a new version:
 *
 *     npm run -s build && node dist/scripts/golden/label-records.js && npx prettier --write test/labels
 */
import { join } from 'node:path';
import { packageRoot, writeFileWhole } from '../../src/base/files/files.ts';
import { identityHash, type DrawingRule } from '../../src/labels/identity.ts';
import { encodeRecord } from '../../src/labels/record/record.ts';

/** The content of a record in readable form. */
interface Content {
  readonly name: string;
  readonly rule: DrawingRule;
  readonly vocabulary: number;
  readonly row: number;
  /** T + 1 ids. */
  readonly tokens: readonly number[];
  /** For each position, the ids with their counts (sampled) or probabilities. */
  readonly positions: readonly (readonly (readonly [id: number, weight: number])[])[];
  readonly remaining?: readonly number[];
  readonly context?: {
    readonly trueLogProb: readonly number[];
    readonly trueRank: readonly number[];
    readonly entropy: readonly number[];
  };
}

const IDENTITY = { tokenizer: 'a'.repeat(64), data: 'b'.repeat(64), teacher: 'c'.repeat(64) };

const CONTENTS: readonly Content[] = [
  {
    name: 'two positions of four draws',
    rule: { kind: 'sampled', draws: 4, temperature: 1, seed: 7 },
    vocabulary: 50_257,
    row: 3,
    tokens: [464, 2068, 7586],
    positions: [
      [
        [11, 1],
        [2068, 3],
      ],
      [[11, 4]],
    ],
  },
  {
    name: 'fifty draws with context columns',
    rule: { kind: 'sampled', draws: 50, temperature: 1, seed: 7 },
    vocabulary: 50_257,
    row: 70_000,
    tokens: [464, 2068, 7586, 21_831, 18_045],
    positions: [
      [
        [262, 5],
        [2068, 44],
        [50_256, 1],
      ],
      [[7586, 50]],
      [
        [11, 1],
        [262, 2],
        [290, 20],
        [21_831, 27],
      ],
      [
        [262, 30],
        [18_045, 20],
      ],
    ],
    context: {
      trueLogProb: [-0.125, -0.001953125, -0.625, -0.90625],
      trueRank: [0, 0, 0, 1],
      entropy: [0.5, 0.01953125, 1.25, 0.75],
    },
  },
  {
    name: 'top three with what they leave',
    rule: { kind: 'topk', k: 3, temperature: 0.5 },
    vocabulary: 4096,
    row: 0,
    tokens: [1, 2, 3],
    positions: [
      [
        [2, 0.75],
        [5, 0.125],
        [900, 0.0625],
      ],
      [
        [3, 0.5],
        [5, 0.25],
        [4095, 0.125],
      ],
    ],
    remaining: [0.0625, 0.125],
  },
  {
    name: 'dense over five ids',
    rule: { kind: 'dense', temperature: 1 },
    vocabulary: 5,
    row: 1,
    tokens: [0, 4],
    positions: [
      [
        [0, 0.5],
        [1, 0.25],
        [2, 0.125],
        [3, 0.0625],
        [4, 0.0625],
      ],
    ],
  },
];

const vectors = CONTENTS.map((content) => ({
  ...content,
  identity: identityHash({ ...IDENTITY, rule: content.rule }),
  record: hexOf(content),
}));
await writeFileWhole(
  join(packageRoot(), 'test', 'labels', 'record-vectors.json'),
  `${JSON.stringify(vectors, null, 2)}\n`,
);

function hexOf({ rule, vocabulary, row, tokens, positions, remaining, context }: Content): string {
  const entries = positions.flat();
  const scale = rule.kind === 'sampled' ? rule.draws : 1;
  const labels = {
    row,
    positions: positions.length,
    offsets: Uint32Array.from([0, ...positions.map((_, t) => positions.slice(0, t + 1).flat().length)]),
    ids: Uint32Array.from(entries, ([id]) => id),
    weights: Float32Array.from(entries, ([, weight]) => weight / scale),
    remaining: remaining && Float32Array.from(remaining),
    context: context && {
      trueLogProb: Float32Array.from(context.trueLogProb),
      trueRank: Uint16Array.from(context.trueRank),
      entropy: Float32Array.from(context.entropy),
    },
  };
  const identity = identityHash({ ...IDENTITY, rule });
  const form = { identity, tokens: Uint32Array.from(tokens), rule, vocabulary };
  return Buffer.from(encodeRecord(labels, form)).toString('hex');
}
