import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseWith, z } from '../../base/schema.ts';
import { Faults, type Reading } from './document.ts';
import { LeftOut } from './left-out.ts';
import { readCorpus, sampleCorpus } from './corpus-pass.ts';
import type { Corpus } from './corpus.ts';
import { hashed, TextTally, type FileText } from './text-tally.ts';

/** What was read of a corpus, to know it again. */
export interface KnownText {
  /** In the order in which they were read. */
  readonly files: readonly FileText[];
  /** SHA-256 of the sample that a tokenizer was trained on. */
  readonly sample: string | null;
}

/** What limits a pass over a corpus. */
export interface PassLimits {
  readonly maxBytes: number;
  readonly sampleBytes: number;
}

/**
 * Reads a corpus again, without encoding it. Undefined when it has the same text in the same order, whatever its files are called; else
 * which files differ, for people.
 */
export async function textChange(
  corpus: Corpus,
  known: KnownText,
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
  const reading = { ...counted, faults: new Faults(), leftOut: new LeftOut() }; // the same once more
  let found = '';
  const texts = hashed(sampleCorpus(corpus, limits, reading), (hash) => (found = hash));
  for await (const _ of texts);
  return found;
}

/** Such as "a.txt had 120 bytes, now 130; b.txt is new; c.txt is gone". `first` is the first file whose text differs. */
function changeText(before: readonly FileText[], corpus: Corpus, first: FileText | undefined): string {
  const MOST = 5;
  const [only, ...others] = corpus.files;
  // A single file may be called otherwise.
  if (only && others.length === 0 && before.length === 1) {
    const bytes = before[0]?.bytes;
    return bytes === only.bytes
      ? `${only.source} has other text`
      : `it had ${bytes} bytes, now ${only.bytes}`;
  }
  const known = new Map(before.map((file) => [file.source, file]));
  const now = new Set(corpus.files.map(({ source }) => source));
  const read = corpus.files.slice(0, Math.max(before.length, 1)); // a limit may have ended the pass before the others
  const changes = [
    ...before.filter(({ source }) => !now.has(source)).map(({ source }) => `${source} is gone`),
    ...read.flatMap(({ source, bytes }) => {
      const earlier = known.get(source);
      if (!earlier) return [`${source} is new`];
      if (earlier.bytes !== bytes) return [`${source} had ${earlier.bytes} bytes, now ${bytes}`];
      return first?.source === source && first.text !== earlier.text ? [`${source} has other text`] : [];
    }),
  ];
  const more = changes.length > MOST ? `; and ${changes.length - MOST} more` : '';
  return changes.length === 0 ? 'its text is another' : `${changes.slice(0, MOST).join('; ')}${more}`;
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
      parseWith(FILE, jsonOf(line), { what: path, code: 'FILE_DAMAGED', hint: 'Prepare the data anew.' }),
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
