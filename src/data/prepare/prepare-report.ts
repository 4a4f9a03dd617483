import { BrineError } from '../../base/errors.ts';
import { parseWith } from '../../base/schema.ts';
import { z, type Z } from '../../base/zod.ts';

/**
 * Version of the report and of the encoding. Version 1 cut texts into pieces before encoding and
 * listed no files.
 */
const VERSION = 2;

const count = (): Z.ZodNumber => z.number().int().min(0);

const SIDE = z.strictObject({
  identity: z.string(),
  rows: count(),
  ids: count(),
  /** Number of ids at the end that did not fill a row. */
  leftOver: count(),
});

const REPORT = z.strictObject({
  version: z.literal(VERSION),
  /** All options that decide the content, except the corpus. */
  options: z.strictObject({
    maxBytes: count().nullable(),
    vocabulary: count().nullable(),
    tokenizer: z.string().nullable(),
    /** The end-of-text token. Earlier versions did not write it. */
    endOfText: z.string().nullable().optional(),
    positions: count(),
    validation: z.number(),
    textField: z.string(),
    invalidText: z.enum(['refuse', 'skip']),
    sampleBytes: count(),
  }),
  corpus: z.strictObject({
    /** The name given by the user. Only the text identifies a corpus. */
    name: z.string(),
    /** SHA-256 over names, sizes and modification times of the files. Equal if nothing was touched. */
    stamp: z.string(),
    /** SHA-256 of the text on which the tokenizer was trained; null if a tokenizer was given. */
    sample: z.string().nullable(),
    files: count(),
    /** Skipped files and archive members. */
    leftOut: z.strictObject({
      total: count(),
      byReason: z.record(z.string(), count()),
      first: z.array(z.strictObject({ source: z.string(), reason: z.string() })),
    }),
    documents: count(),
    /** Bytes of UTF-8 text. */
    bytes: count(),
  }),
  faults: z.strictObject({
    total: count(),
    byReason: z.record(z.string(), count()),
    first: z.array(
      z.strictObject({
        source: z.string(),
        line: count(),
        reason: z.string(),
        fields: z.string().optional(),
      }),
    ),
  }),
  tokenizer: z.strictObject({
    identity: z.string(),
    vocabularySize: count(),
    endOfText: count(),
    /**
     * Text that the tokenizer cannot represent: unknown-token ids, dropped characters, and the
     * first examples.
     */
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

export type PreparedContent = Z.infer<typeof REPORT>;

export interface PrepareReport extends PreparedContent {
  readonly folder: string;
  /** Whether existing identical data was kept. */
  readonly reused: boolean;
  /** A message for the user. */
  readonly note?: string | undefined;
}

/** The options of a report. */
export type ContentOptions = PreparedContent['options'];

/** Serializes a prepare.json. */
export function reportJson(report: PreparedContent): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/**
 * Parses a prepare.json. Throws FILE_DAMAGED, and FILE_EXISTS for a report of an earlier Brine
 * version.
 */
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
      `${path} was written by an earlier Brine version, which encoded text differently`,
      {
        hint: 'Prepare the data again (brine prepare CORPUS --out FOLDER --overwrite), or set data.prepared to another folder.',
      },
    );
  }
  return parseWith(REPORT, value, {
    what: path,
    code: 'FILE_DAMAGED',
    hint: 'Prepare the data again (brine prepare CORPUS --out FOLDER --overwrite), or set data.prepared to another folder.',
  });
}
