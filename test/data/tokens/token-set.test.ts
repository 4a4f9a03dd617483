import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readRowSources, RowSourceCounter, writeRowSources } from '../../../src/data/tokens/row-sources.ts';
import { Packer } from '../../../src/data/tokens/packing.ts';
import { tokenHash } from '../../../src/labels/record/header.ts';
import { TokenSetWriter } from '../../../src/data/tokens/token-set-writer.ts';
import { openTokenSet, type TokenSet } from '../../../src/data/tokens/token-set.ts';
import { brine, freshFolder } from '../fixture.ts';

const tokenizer = 'ab'.repeat(32);

/** Ids of all rows, joined at the id that neighbours share. */
function unpacked(set: TokenSet): number[] {
  const ids: number[] = [];
  for (let row = 0; row < set.rows; row++)
    ids.push(...(row === 0 ? set.read(row) : set.read(row).subarray(1)));
  return ids;
}

test('packed ids are read back unchanged for any row length, id width and shard size', async (t) => {
  const folder = await freshFolder(t);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint32Array({ maxLength: 60, max: 69_999 }), { maxLength: 12 }),
      fc.integer({ min: 2, max: 9 }),
      fc.boolean(),
      async (parts, rowLength, wide) => {
        const vocabularySize = wide ? 70_000 : 65_536;
        const path = join(folder, `${run++}`);
        const writer = new TokenSetWriter(path, { rowLength, vocabularySize, tokenizer, shardBytes: 64 });
        const ids = parts.map((part) => part.map((id) => id % vocabularySize));
        for (const part of ids) await writer.append(part);
        const index = await writer.finish();
        const set = await openTokenSet(path);
        const all = ids.flatMap((part) => [...part]);
        const rows = Math.max(0, Math.floor((all.length - 1) / (rowLength - 1)));
        assert.equal(set.rows, rows);
        assert.deepEqual(unpacked(set), rows === 0 ? [] : all.slice(0, rows * (rowLength - 1) + 1));
        assert.deepEqual(
          [set.identity, set.rowLength, set.tokenizerIdentity],
          [index.identity, rowLength, tokenizer],
        );
        set.close();
      },
    ),
    { numRuns: 40 },
  );
});

async function written(folder: string): Promise<void> {
  const writer = new TokenSetWriter(folder, { rowLength: 5, vocabularySize: 100, tokenizer, shardBytes: 40 });
  await writer.append(Uint32Array.from({ length: 41 }, (_, index) => index));
  await writer.finish();
}

test('the identity covers the content; rows are copies; unknown rows and closed sets are rejected', async (t) => {
  const folder = await freshFolder(t);
  await written(join(folder, 'a'));
  await written(join(folder, 'b'));
  const [a, b] = [
    await openTokenSet(join(folder, 'a')),
    await openTokenSet(join(folder, 'b'), { content: true }),
  ];
  assert.equal(a.identity, b.identity);
  assert.deepEqual([...a.read(9)], [36, 37, 38, 39, 40]);
  a.read(9).fill(0);
  assert.deepEqual(a.read(9), b.read(9));
  assert.equal(tokenHash(a.read(3)), tokenHash(b.read(3)));
  assert.notEqual(tokenHash(a.read(3)), tokenHash(a.read(4)));
  for (const row of [-1, 10, 0.5, Number.NaN])
    assert.throws(() => a.read(row), brine('BAD_ARGUMENT', /0 to 9/));
  a.close();
  assert.throws(() => a.read(0), brine('CLOSED'));
  b.close();
});

test('a truncated, altered, missing or foreign shard is rejected by name', async (t) => {
  const folder = await freshFolder(t);
  const shard = join(folder, 'tokens-00001.bin');
  await written(folder);
  const whole = await readFile(shard);
  const cases: [Buffer, RegExp][] = [
    [whole.subarray(0, -1), /00001\.bin.* 167 bytes instead of 168/],
    [whole.subarray(0, 60), /in its header/],
    [Buffer.concat([whole, Buffer.of(0)]), /169 bytes/],
    [withByte(whole, 140), /hash/],
    [withByte(whole, 20), /checksum of its header/],
    [withByte(whole, 0), /not a token shard/],
    [await readFile(join(folder, 'tokens-00000.bin')), /firstRow 0, but the index has 4/],
  ];
  for (const [content, message] of cases) {
    await writeFile(shard, content);
    await assert.rejects(openTokenSet(folder), brine('SHARD_DAMAGED', message), String(message));
  }
  await writeFile(shard, whole);
  (await openTokenSet(folder)).close();
  const open = await openTokenSet(folder);
  await truncate(shard, 150);
  assert.throws(() => open.read(7), brine('SHARD_DAMAGED', /row 7/));
  open.close();
  const index = join(folder, 'tokens.json');
  await writeFile(index, (await readFile(index, 'utf8')).replace('"rows": 10', '"rows": 11'));
  await assert.rejects(openTokenSet(folder), brine('SHARD_DAMAGED', /identity/));
  await assert.rejects(openTokenSet(join(folder, 'none')), brine('FILE_MISSING'));
});

function withByte(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

test('the packer keeps every id, ends every document, and gives validation its share of whole stretches', async (t) => {
  const folder = await freshFolder(t);
  const [rowLength, endOfText] = [5, 99_999];
  const shape = { rowLength, vocabularySize: 100_000, tokenizer };
  const train = new TokenSetWriter(join(folder, 'train'), shape);
  const validation = new TokenSetWriter(join(folder, 'validation'), shape);
  const packer = new Packer({ train, validation }, { share: 0.1, endOfText, rowLength });
  // Documents of 1 … 4,000 ids, each id once in the whole corpus, in pieces of at most 100 ids.
  let next = 0;
  for (const length of [1, 50, 4000, 7, 300, 33, 2000, 1, 900]) {
    for (let left = length; left > 0;) {
      const size = Math.min(100, left);
      const ids = Uint32Array.from({ length: size }, () => next++);
      left -= size;
      await packer.append(ids, { ends: left === 0, source: 'text' });
    }
  }
  await train.finish();
  await validation.finish();
  const sets = [
    await openTokenSet(join(folder, 'train')),
    await openTokenSet(join(folder, 'validation')),
  ] as const;
  const [inTrain, inValidation] = [unpacked(sets[0]), unpacked(sets[1])];
  for (const set of sets) set.close();
  const text = [...inTrain, ...inValidation].filter((id) => id !== endOfText);
  assert.equal(new Set(text).size, text.length, 'no id is on both sides or twice');
  assert.ok(next - text.length < 2 * rowLength, 'only the ends that fill no row are left out');
  const share = inValidation.length / (inTrain.length + inValidation.length);
  assert.ok(share > 0.09 && share < 0.12, `validation has ${share}`);
  for (const ids of [inTrain, inValidation]) {
    for (let index = 1; index < ids.length; index++) {
      const [left = 0, right = 0] = [ids[index - 1], ids[index]];
      assert.ok(left === endOfText || right === endOfText || right === left + 1, `${left} beside ${right}`);
    }
  }
});

test('the source of a row is the file that most of its labels come from, also where validation is cut out', async (t) => {
  const folder = await freshFolder(t);
  const endOfText = 999;
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      // Documents: the file of each, and its length.
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 60 })), { maxLength: 20 }),
      fc.integer({ min: 2, max: 9 }),
      fc.constantFrom(0, 0.2),
      async (documents, rowLength, share) => {
        const [train, validation] = ['train', 'validation'].map(
          (side) =>
            new TokenSetWriter(join(folder, `${run}-${side}`), {
              rowLength,
              vocabularySize: 1000,
              tokenizer,
            }),
        );
        run += 1;
        const sources = new RowSourceCounter(rowLength);
        const packer = new Packer({ train: train!, validation, sources }, { share, endOfText, rowLength });
        for (const [file, length] of documents) {
          // Every id is the number of its file, so that a row itself tells where its ids come from.
          for (let begin = 0; begin < length; begin += 25)
            await packer.append(new Uint32Array(Math.min(25, length - begin)).fill(file), {
              ends: begin + 25 >= length,
              source: `file ${file}`,
            });
        }
        const { identity } = await train!.finish();
        await validation!.finish();
        const place = join(folder, `${run - 1}-train`);
        await writeRowSources(place, { data: identity, runs: sources.runs });
        const set = await openTokenSet(place);
        const { names, of } = await readRowSources(place, set);
        assert.equal(of.length, set.rows);
        for (let row = 0, before = -1; row < set.rows; row += 1) {
          const ids = set.read(row);
          // An end-of-text id belongs to the file of the id before it, which may be in the row before.
          const origins = Array.from(ids, (id) => (before = id === endOfText ? before : id));
          const labels = origins.slice(1);
          const count = (file: number) => labels.filter((other) => other === file).length;
          const most = Math.max(...labels.map(count));
          assert.equal(names[of[row]!], `file ${labels.find((file) => count(file) === most)}`);
        }
        set.close();
      },
    ),
    { numRuns: 60, seed: 1 },
  );
});

test('sources of another token set, missing, damaged or too few ones are refused', async (t) => {
  const folder = await freshFolder(t);
  const set = { identity: 'cd'.repeat(32), rows: 5 };
  const runs = [
    { source: 'a.txt', rows: 2 },
    { source: 'b.txt', rows: 1 },
    { source: 'a.txt', rows: 2 },
  ];
  const overwrite = { code: 'FILE_MISSING', hint: /brine prepare .* --overwrite/ };
  await assert.rejects(readRowSources(folder, set), overwrite);
  await writeRowSources(folder, { data: set.identity, runs });
  const { names, of } = await readRowSources(folder, set);
  assert.deepEqual(
    [names, [...of]],
    [
      ['a.txt', 'b.txt'],
      [0, 0, 1, 0, 0],
    ],
  );
  for (const rows of [4, 6])
    await assert.rejects(
      readRowSources(folder, { ...set, rows }),
      brine('FILE_DAMAGED', /of 6 rows|more than 4/),
    );
  await assert.rejects(readRowSources(folder, { ...set, identity: 'ef'.repeat(32) }), brine('DATA_MISMATCH'));
  const path = join(folder, 'sources.jsonl');
  const text = await readFile(path, 'utf8');
  for (const broken of ['', 'x', text.replace('"rows":1', '"rows":-1'), text.slice(0, -3)]) {
    await writeFile(path, broken);
    await assert.rejects(readRowSources(folder, set), brine('FILE_DAMAGED'), JSON.stringify(broken));
  }
});
