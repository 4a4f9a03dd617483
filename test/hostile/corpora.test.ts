/** Corpora with decompression bombs, false sizes and endless lines. */
import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { within } from '../../src/base/deadline.ts';
import { BrineError } from '../../src/base/errors.ts';
import { Faults, type Reading } from '../../src/data/corpus/document.ts';
import { readFile } from '../../src/data/readers/read-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-corpora-'));
after(() => rm(folder, { recursive: true, force: true }));
const DEADLINE_MS = 60_000;

/** A frame with the window descriptor `window` and RLE blocks of "a" with the given sizes. */
function frame(window: number, blocks: readonly number[]): Uint8Array {
  const heads = blocks.flatMap((size, i) => {
    const head = size * 8 + 2 + Number(i === blocks.length - 1);
    return [head & 255, (head >>> 8) & 255, head >>> 16, 0x61];
  });
  return Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0, window, ...heads]);
}

/** Descriptor of a window of 2^log bytes. */
const windowOf = (log: number) => (log - 10) << 3;

interface Found {
  readonly characters: number;
  readonly reading: Reading;
  readonly error: unknown;
  /** Peak growth of buffer memory, in bytes. */
  readonly bytes: number;
}

async function read(name: string, content: Uint8Array | string): Promise<Found> {
  const path = join(folder, name);
  await writeFile(path, content);
  return readFrom(path, name);
}

async function readFrom(path: string, name: string): Promise<Found> {
  const reading: Reading = { faults: new Faults(), textField: 'text', invalidText: 'skip', storedBytes: 0 };
  const before = process.memoryUsage().arrayBuffers;
  let [characters, bytes] = [0, 0];
  const pass = async (): Promise<void> => {
    for await (const { text } of readFile({ path, source: name }, reading)) characters += text.length;
  };
  const timer = setInterval(() => (bytes = Math.max(bytes, process.memoryUsage().arrayBuffers - before)), 5);
  try {
    const error: unknown = await within(pass(), DEADLINE_MS, () => new Error('it hangs')).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    return {
      characters,
      reading,
      error,
      bytes: Math.max(bytes, process.memoryUsage().arrayBuffers - before),
    };
  } finally {
    clearInterval(timer);
  }
}

function isDamaged({ error, bytes }: Found, message: RegExp, most: number): void {
  assert.ok(error instanceof BrineError && error.code === 'CORPUS_DAMAGED', String(error));
  assert.match(error.message, message);
  assert.ok(bytes < most, `it took ${bytes} bytes`);
}

test('a window of 2 GiB is not allocated for a file of 20 bytes', async () => {
  for (const log of [28, 30, 31, 40])
    isDamaged(await read('window.jsonl.zst', frame(windowOf(log), [1])), /window/, 2 ** 20);
  const single = Uint8Array.from([
    0x28,
    0xb5,
    0x2f,
    0xfd,
    0xe0,
    0,
    0,
    0,
    0x70,
    0,
    0,
    0,
    0,
    ...Array(40).fill(0),
  ]);
  isDamaged(await read('single.jsonl.zst', single), /window/, 2 ** 20);
});

test('a frame of 16 KiB that unpacks to 512 MiB without a line end is read in bounded memory', async () => {
  const bomb = frame(
    windowOf(20),
    Array.from({ length: 4096 }, () => 131_072),
  );
  const found = await read('bomb.jsonl.zst', bomb);
  assert.equal(found.error, undefined);
  assert.deepEqual(found.reading.faults.summary().byReason, { 'line too long': 1 });
  // Up to 64 MiB of a line are buffered before it is too long. The rest is garbage not yet collected.
  assert.ok(found.bytes < 2 ** 28, `it took ${found.bytes} bytes`);
});

test('many tiny blocks with a large window are rejected', async () => {
  const slow = frame(
    windowOf(27),
    Array.from({ length: 100_000 }, () => 1),
  );
  isDamaged(await read('slow.jsonl.zst', slow), /too small for its window/, 2 ** 29);
});

test('other formats and truncated files under a .zst name are rejected', async () => {
  const whole = frame(windowOf(20), [3]);
  for (let end = 1; end < whole.length; end += 1)
    isDamaged(await read('cut.jsonl.zst', whole.subarray(0, end)), /cut\.jsonl\.zst/, 2 ** 22);
  isDamaged(await read('text.jsonl.zst', 'neither a frame nor two'), /not Zstandard/, 2 ** 20);
  const found = await read(
    'skipped.jsonl.zst',
    Uint8Array.from([0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9, ...whole]),
  );
  assert.deepEqual(found.reading.faults.summary().byReason, { 'invalid JSON': 1 });
});

test('a line of 256 MiB is skipped, and each invalid line is one fault', async () => {
  const path = join(folder, 'sparse.jsonl');
  const file = await open(path, 'w');
  await file.truncate(2 ** 28);
  await file.write('\n{"text":"good"}\n', 2 ** 28);
  await file.close();
  const found = await readFrom(path, 'sparse.jsonl');
  assert.equal(found.error, undefined);
  assert.equal(found.characters, 4);
  assert.deepEqual(found.reading.faults.summary().byReason, { 'line too long': 1 });
  const deep = `{"text":${'['.repeat(1e6)}${']'.repeat(1e6)}}`;
  const lines = [
    deep,
    '{"__proto__":{"text":"inherited"}}',
    '"text"',
    'null',
    '{"text":"\\ud800"}',
    '{"text":7}',
  ];
  const bad = await read('lines.jsonl', lines.join('\n'));
  assert.equal(bad.error, undefined);
  assert.equal(bad.characters, 0);
  assert.equal(bad.reading.faults.summary().total, lines.length);
});
