import { fork } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { byteLevelAlphabet } from 'tokenizers';
import { entryPoint } from '../../base/entry-points.ts';
import { BrineError } from '../../base/errors.ts';
import { parseWith } from '../../base/schema.ts';
import { z } from '../../base/zod.ts';
import { temporaryFault, temporaryFolder } from '../../base/files/temporary-folder.ts';
import { tokenizerFrom, type Tokenizer } from './tokenizer.ts';

/**
 * Trains a byte-level BPE. The trainer of the `tokenizers` package always finds up to 29,744 merges,
 * best first; its first n merges are those of a smaller vocabulary. Ids: 0 is the end of text,
 * 1 … 256 are the byte symbols, and the others are merges in order.
 */
export const END_OF_TEXT = '<|endoftext|>';
export const SMALLEST_VOCABULARY = 257;
export const LARGEST_VOCABULARY = 30_000;

const TRAINED = z.looseObject({
  model: z.looseObject({ merges: z.array(z.tuple([z.string(), z.string()])) }),
});

/** Throws BAD_ARGUMENT for a vocabulary size that the trainer does not support. */
export function checkVocabulary(size: number): void {
  if (Number.isInteger(size) && size >= SMALLEST_VOCABULARY && size <= LARGEST_VOCABULARY) return;
  throw new BrineError(
    'BAD_ARGUMENT',
    `cannot train a vocabulary of ${size} ids; the supported sizes are ${SMALLEST_VOCABULARY} to ${LARGEST_VOCABULARY}`,
    {
      hint: 'The trainer of the tokenizers package stops at 30,000 ids. For more, train with Hugging Face tokenizers in Python and name its tokenizer.json: data.tokenizer (docs/data.md).',
    },
  );
}

/**
 * Trains on a sample of text. The vocabulary is smaller than requested if the sample has too few
 * pairs to merge. Throws BAD_ARGUMENT (size), CORPUS_EMPTY (no text in the sample),
 * ENVIRONMENT_BROKEN (TMPDIR), CANCELLED.
 */
export async function trainTokenizer(
  sample: AsyncIterable<string>,
  vocabularySize: number,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<Tokenizer> {
  checkVocabulary(vocabularySize);
  const folder = await temporaryFolder('brine-tokenizer-');
  try {
    const bytes = await writeSample(join(folder, 'sample.txt'), sample);
    if (bytes === 0) {
      throw new BrineError('CORPUS_EMPTY', 'the corpus has no text to train a tokenizer on', {
        hint: 'Check the reported faults, or use another corpus.',
      });
    }
    const out = join(folder, 'trained.json');
    await trainInProcess({ sample: join(folder, 'sample.txt'), out }, options.signal);
    const trained = parseWith(TRAINED, JSON.parse(await readFile(out, 'utf8')), { what: out });
    const merges = trained.model.merges.slice(0, vocabularySize - SMALLEST_VOCABULARY);
    return tokenizerFrom(tokenizerJson(merges), { what: 'the trained tokenizer' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The trainer's errors for a full disk (28, ENOSPC) and an exceeded quota (122, EDQUOT). */
const OUT_OF_ROOM = /os error (28|122)\b/;

async function writeSample(path: string, sample: AsyncIterable<string>): Promise<number> {
  const file = await open(path, 'w').catch(failed);
  try {
    let bytes = 0;
    for await (const text of sample) {
      await file.appendFile(`${text}\n`).catch(failed);
      bytes += text.length;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

function failed(cause: unknown): never {
  throw temporaryFault(cause);
}

async function trainInProcess(
  task: { sample: string; out: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  const program = fileURLToPath(entryPoint('tokenizer-training'));
  const child = fork(program, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
  const stop = (): boolean => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    let error: string | undefined = 'its process ended early';
    child.on('message', (answer: { error?: string }) => (error = answer.error));
    child.send(task, () => undefined);
    const [code, killed] = (await once(child, 'exit')) as [number | null, string | null];
    if (signal?.aborted) {
      throw new BrineError('CANCELLED', 'training the tokenizer was stopped', { hint: 'Start it again.' });
    }
    if (error === undefined) return;
    if (OUT_OF_ROOM.test(error)) throw temporaryFault(error);
    throw new BrineError(
      'TOKENIZER_INVALID',
      `training the tokenizer failed: ${error} (exit ${code ?? killed})`,
      {
        hint: 'Try a smaller sample of the corpus. If it fails again, report it.',
      },
    );
  } finally {
    signal?.removeEventListener('abort', stop);
    if (child.exitCode === null) stop();
  }
}

/** A complete tokenizer.json in the format of Hugging Face tokenizers. */
function tokenizerJson(merges: readonly (readonly [string, string])[]): string {
  const symbols = byteLevelAlphabet().toSorted((a, b) => (a < b ? -1 : 1));
  const tokens = [END_OF_TEXT, ...symbols, ...merges.map(([left, right]) => left + right)];
  const vocabulary: [string, number][] = [];
  const known = new Set<string>();
  for (const token of tokens) {
    if (!known.has(token)) vocabulary.push([token, vocabulary.length]);
    known.add(token);
  }
  return byteLevelTokenizerJson({ vocabulary, merges, endOfTextId: 0 });
}

export interface ByteLevelParts {
  /** Every token with its id, in the alphabet of byteLevelAlphabet, including the end of text. */
  readonly vocabulary: readonly (readonly [string, number])[];
  /** In order of priority. */
  readonly merges: readonly (readonly string[])[];
  readonly endOfTextId: number;
}

/** The tokenizer.json of a byte-level BPE. */
export function byteLevelTokenizerJson({ vocabulary, merges, endOfTextId }: ByteLevelParts): string {
  const special = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [{ id: endOfTextId, content: END_OF_TEXT, ...special }],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(vocabulary),
      merges,
    },
  });
}
