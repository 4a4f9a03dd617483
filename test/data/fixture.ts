import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { BrineError, type ErrorCode } from '../../src/base/errors.ts';
import { readCorpus } from '../../src/data/corpus/corpus-pass.ts';
import { openCorpus } from '../../src/data/corpus/corpus.ts';
import { joinedSummaries, SkippedFiles, type SkippedSummary } from '../../src/data/corpus/skipped-files.ts';
import { Faults, type FaultSummary, type Reading, type TextPiece } from '../../src/data/corpus/document.ts';

/** A temporary folder, removed after the test. */
export async function freshFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'brine-data-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Predicate for assert.rejects and assert.throws: a BrineError with this code, message and a hint. */
export function brine(code: ErrorCode, message: RegExp = /./): (error: unknown) => boolean {
  return (error) => {
    if (!(error instanceof BrineError)) throw error;
    if (error.code !== code) throw error;
    return message.test(error.message) && error.hint.length > 5;
  };
}

/** Like `brine`, for the hint of an error. */
export function hint(code: ErrorCode, pattern: RegExp): (error: unknown) => boolean {
  return (error) => brine(code)(error) && error instanceof BrineError && pattern.test(error.hint);
}

export interface ReadOut {
  readonly pieces: readonly TextPiece[];
  /** Whole documents, joined from pieces. */
  readonly documents: readonly string[];
  readonly faults: FaultSummary;
  readonly skipped: SkippedSummary;
}

/** Reads a whole corpus. */
export async function readOut(
  path: string,
  options: Partial<Pick<Reading, 'textField' | 'invalidText'>> & { maxBytes?: number } = {},
): Promise<ReadOut> {
  const { textField = 'text', invalidText = 'refuse', maxBytes = Infinity } = options;
  const faults = new Faults();
  const inside = new SkippedFiles();
  const reading: Reading = { faults, textField, invalidText, storedBytes: 0, skipped: inside };
  const corpus = await openCorpus(path);
  const pieces: TextPiece[] = [];
  const documents: string[] = [];
  let open = '';
  for await (const piece of readCorpus(corpus, maxBytes, reading)) {
    pieces.push(piece);
    open += piece.text;
    if (!piece.ends) continue;
    documents.push(open);
    open = '';
  }
  return {
    pieces,
    documents: open === '' ? documents : [...documents, open],
    faults: faults.summary(),
    skipped: joinedSummaries(corpus.skipped, inside.summary()),
  };
}
