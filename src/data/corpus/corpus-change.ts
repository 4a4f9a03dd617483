import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseWith } from '../../base/schema.ts';
import { z } from '../../base/zod.ts';
import { Faults, type Reading } from './document.ts';
import { SkippedFiles } from './skipped-files.ts';
import { readCorpus, sampleCorpus } from './corpus-pass.ts';
import type { Corpus } from './corpus.ts';
import { hashed, TextTally, type FileText } from './text-tally.ts';

/** Content of a corpus as recorded by a preparation. */
export interface KnownCorpus {
  /** In reading order. */
  readonly files: readonly FileText[];
  /** SHA-256 of the sample on which the tokenizer was trained, if any. */
  readonly sample: string | null;
}

/** Limits of a pass over a corpus. */
export interface PassLimits {
  readonly maxBytes: number;
  readonly sampleBytes: number;
}

/**
 * Reads a corpus again, without encoding it, and compares its text with the recorded one. Returns
 * undefined if the text is identical, whatever the file names. Otherwise describes the changed files.
 */
export async function corpusChange(
  corpus: Corpus,
  known: KnownCorpus,
  { limits, reading }: { limits: PassLimits; reading: Reading },
): Promise<string | undefined> {
  const before = known.files.filter(({ text }) => text !== null);
  let seen = 0;
  let other: FileText | undefined;
  const tally = new TextTally((file) => {
    if (file.text === null) return;
    if (file.text !== before[seen]?.text) other ??= file;
    seen++;
  });
  for await (const _ of readCorpus(corpus, limits.maxBytes, reading, tally)) if (other) break;
  tally.files();
  if (other || seen < before.length) return changeText(known.files, corpus, other);
  if (known.sample === null) return undefined;
  const sample = await sampleHash(corpus, limits, reading);
  return sample === known.sample ? undefined : changeText(known.files, corpus, undefined);
}

async function sampleHash(corpus: Corpus, limits: PassLimits, counted: Reading): Promise<string> {
  const reading = { ...counted, faults: new Faults(), skipped: new SkippedFiles() }; // this pass repeats counted files
  let found = '';
  const texts = hashed(sampleCorpus(corpus, limits, reading), (hash) => (found = hash));
  for await (const _ of texts);
  return found;
}

/**
 * Describes changes, such as "a.txt had 120 bytes, now 130; b.txt is new; c.txt is missing".
 * `first` is the first file with other text.
 */
function changeText(before: readonly FileText[], corpus: Corpus, first: FileText | undefined): string {
  const MAX_LISTED = 5;
  const [only, ...others] = corpus.files;
  // A single file may have been renamed.
  if (only && others.length === 0 && before.length === 1) {
    const bytes = before[0]?.bytes;
    return bytes === only.bytes
      ? `the text of ${only.source} changed`
      : `it had ${bytes} bytes, now ${only.bytes}`;
  }
  const known = new Map(before.map((file) => [file.source, file]));
  const now = new Set(corpus.files.map(({ source }) => source));
  const read = corpus.files.slice(0, Math.max(before.length, 1)); // a size limit may have ended the pass earlier
  const changes = [
    ...before.filter(({ source }) => !now.has(source)).map(({ source }) => `${source} is missing`),
    ...read.flatMap(({ source, bytes }) => {
      const earlier = known.get(source);
      if (!earlier) return [`${source} is new`];
      if (earlier.bytes !== bytes) return [`${source} had ${earlier.bytes} bytes, now ${bytes}`];
      return first?.source === source && first.text !== earlier.text ? [`the text of ${source} changed`] : [];
    }),
  ];
  const more = changes.length > MAX_LISTED ? `; and ${changes.length - MAX_LISTED} more` : '';
  return changes.length === 0 ? 'its text differs' : `${changes.slice(0, MAX_LISTED).join('; ')}${more}`;
}

const FILE = z.strictObject({
  source: z.string(),
  bytes: z.number().int().min(0),
  text: z.string().nullable(),
});

/** One line a file. */
export function fileTextsToJson(files: readonly FileText[]): string {
  return files.map((file) => `${JSON.stringify(file)}\n`).join('');
}

/** Throws FILE_DAMAGED, and what the file system throws. */
export async function readFileTexts(path: string): Promise<FileText[]> {
  const files: FileText[] = [];
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  for await (const line of lines)
    files.push(
      parseWith(FILE, jsonOf(line), { what: path, code: 'FILE_DAMAGED', hint: 'Prepare the data again.' }),
    );
  return files;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
