import { parseWith, z } from '../base/schema.ts';

/** The name of the report in a folder that `prepare` made. */
export const REPORT_NAME = 'prepare.json';

const count = (): z.ZodNumber => z.number().int().min(0);

const SIDE = z.strictObject({
  identity: z.string(),
  rows: count(),
  ids: count(),
  /** Ids at the end that did not fill a row. */
  leftOver: count(),
});

const REPORT = z.strictObject({
  version: z.literal(1),
  /** Everything that decides the content, apart from the corpus itself. */
  options: z.strictObject({
    corpus: z.string(),
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
    fingerprint: z.string(),
    files: count(),
    binaryFiles: count(),
    emptyFiles: count(),
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
}

/** The options part of a report. */
export type ContentOptions = PreparedContent['options'];

/** Checks the content of a prepare.json. Throws FILE_DAMAGED. */
export function parseReport(json: string, path: string): PreparedContent {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  return parseWith(REPORT, value, {
    what: path,
    code: 'FILE_DAMAGED',
    hint: 'Prepare again with overwrite, or into another folder.',
  });
}
