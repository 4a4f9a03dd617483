import { BrineError } from '../../base/errors.ts';
import { parseWith, z } from '../../base/schema.ts';

/** Of the report and of what the ids mean. 1 cut texts into pieces before encoding, and listed no files. */
const VERSION = 2;

const count = (): z.ZodNumber => z.number().int().min(0);

const SIDE = z.strictObject({
  identity: z.string(),
  rows: count(),
  ids: count(),
  /** Ids at the end that did not fill a row. */
  leftOver: count(),
});

const REPORT = z.strictObject({
  version: z.literal(VERSION),
  /** Everything that decides the content, apart from the corpus itself. */
  options: z.strictObject({
    maxBytes: count().nullable(),
    vocabulary: count().nullable(),
    tokenizer: z.string().nullable(),
    /** The token that ends a text; earlier versions did not write it. */
    endOfText: z.string().nullable().optional(),
    positions: count(),
    validation: z.number(),
    textField: z.string(),
    invalidText: z.enum(['refuse', 'skip']),
    sampleBytes: count(),
  }),
  corpus: z.strictObject({
    /** As it was named. It is known again by its text alone. */
    name: z.string(),
    /** SHA-256 over names, sizes and times of change of the files: equal when nothing was touched. */
    stamp: z.string(),
    /** SHA-256 of the text that a tokenizer was trained on; null when one was given. */
    sample: z.string().nullable(),
    files: count(),
    /** Files, and members of archives, that were not read. */
    leftOut: z.strictObject({
      total: count(),
      byReason: z.record(z.string(), count()),
      first: z.array(z.strictObject({ source: z.string(), reason: z.string() })),
    }),
    documents: count(),
    /** Bytes of text as UTF-8. */
    bytes: count(),
  }),
  faults: z.strictObject({
    total: count(),
    byReason: z.record(z.string(), count()),
    first: z.array(z.strictObject({ source: z.string(), line: count(), reason: z.string() })),
  }),
  tokenizer: z.strictObject({
    identity: z.string(),
    vocabularySize: count(),
    endOfText: count(),
    /** What the tokenizer has no token for: ids of the unknown token, characters that were left out, and the first of them. */
    lost: z
      .strictObject({
        unknown: count(),
        dropped: count(),
        first: z.array(z.strictObject({ source: z.string(), line: count(), text: z.string() })),
      })
      .optional(),
  }),
  train: SIDE,
  validation: SIDE.nullable(),
  seconds: z.number(),
});

export type PreparedContent = z.infer<typeof REPORT>;

export interface PrepareReport extends PreparedContent {
  readonly folder: string;
  /** Whether an earlier, identical preparation was kept and no work was done. */
  readonly reused: boolean;
  /** Something that a person should know about it. */
  readonly note?: string | undefined;
}

/** The options part of a report. */
export type ContentOptions = PreparedContent['options'];

/** The text of a prepare.json. */
export function reportJson(report: PreparedContent): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** Checks the content of a prepare.json. Throws FILE_DAMAGED, and FILE_EXISTS for one that an earlier Brine wrote. */
export function parseReport(json: string, path: string): PreparedContent {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && 'version' in value && value.version === VERSION - 1) {
    throw new BrineError(
      'FILE_EXISTS',
      `${path} was written by an earlier Brine, which made other tokens of a text`,
      {
        hint: 'Prepare the data anew: brine prepare CORPUS --out FOLDER --overwrite, or name another folder by data.prepared.',
      },
    );
  }
  return parseWith(REPORT, value, {
    what: path,
    code: 'FILE_DAMAGED',
    hint: 'Prepare the data anew: brine prepare CORPUS --out FOLDER --overwrite, or name another folder by data.prepared.',
  });
}
