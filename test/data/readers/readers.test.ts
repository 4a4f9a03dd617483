import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { bzip2Blocks, MAX_UNPACKED } from '../../../src/data/readers/packed/bzip2-blocks.ts';
import { formatOf } from '../../../src/data/readers/format.ts';
import { jsonValues } from '../../../src/data/readers/json-values.ts';
import { unpacked } from '../../../src/data/readers/packed/unpacking.ts';
import { arrowStream, packed, RECORDS, tarOf, utf16 } from '../../../scripts/soak/files/corpora.ts';
import { brine, freshFolder, readOut } from '../fixture.ts';

type Options = Parameters<typeof readOut>[1];

/** Reads a corpus of one file. */
async function read(t: TestContext, name: string, content: Uint8Array | string, options: Options = {}) {
  const path = join(await freshFolder(t), name);
  await writeFile(path, content);
  const { documents, faults } = await readOut(path, options);
  return { documents, faults: faults.first.map(({ line, reason }) => `${line} ${reason}`) };
}

const TWO = ['packed one', 'packed two'];

test('records are read with any supported ending, letter case and compression', async (t) => {
  const plain = Buffer.from(RECORDS);
  for (const [name, content] of [
    ['a.jsonl', plain],
    ['a.JSONL', plain],
    ['a.ndjson', plain],
    ['a.json', plain],
    ['a.jsonl.gz', packed.gz],
    ['A.NDJSON.GZ', packed.gz],
    ['a.json.xz', packed.xz],
    ['a.jsonl.bz2', packed.bz2],
    ['a.json.zst', packed.zst],
  ] as const) {
    const { documents, faults } = await read(t, name, content);
    assert.deepEqual(documents, TWO, name);
    assert.deepEqual(faults, [], name);
  }
  const members = Buffer.concat([packed.gz, gzipSync('{"text":"a second member"}')]);
  assert.deepEqual((await read(t, 'a.jsonl.gz', members)).documents, [...TWO, 'a second member']);
  assert.equal((await read(t, 'a.jsonl.xz', Buffer.concat([packed.xz, packed.xz]))).documents.length, 4);
  assert.equal((await read(t, 'a.jsonl.bz2', Buffer.concat([packed.bz2, packed.bz2]))).documents.length, 4);
  assert.deepEqual((await read(t, 'notes.txt.gz', gzipSync('plain\ntext\n'))).documents, ['plain\ntext\n']);
});

test('a truncated file, or one in another format than its name says, is rejected by name', async (t) => {
  for (const name of ['gz', 'xz', 'bz2', 'zst'] as const) {
    const file = `a.jsonl.${name}`;
    await assert.rejects(
      read(t, file, packed[name].subarray(0, -10)),
      brine('CORPUS_DAMAGED', /a\.jsonl/),
      name,
    );
    await assert.rejects(read(t, file, RECORDS), brine('CORPUS_DAMAGED', /a\.jsonl/), name);
  }
});

test('JSON may be lines, a list, multi-line values, or an object with one list of records', async (t) => {
  const records = [{ text: 'one' }, { text: 'two, [with] {brackets} and "quotes\\"' }];
  const expected = records.map(({ text }) => text);
  for (const [name, content] of [
    ['list.json', JSON.stringify(records)],
    ['list.json', JSON.stringify(records, undefined, 2)],
    ['list.jsonl', JSON.stringify(records)],
    ['values.json', records.map((record) => JSON.stringify(record, undefined, 1)).join('\n')],
    ['object.json', JSON.stringify({ version: 1, data: records }, undefined, 2)],
    ['object.json', JSON.stringify({ data: records })],
    ['marked.json', `\ufeff${JSON.stringify(records)}`],
  ] as const) {
    assert.deepEqual(await read(t, name, content), { documents: expected, faults: [] }, content);
  }
  assert.deepEqual((await read(t, 'one.json', '{\n "text": "alone"\n}')).documents, ['alone']);
  const broken = await read(t, 'list.json', '[{"text": "one"},\n {"text": oops},\n {"text": "three"}]');
  assert.deepEqual(broken, { documents: ['one', 'three'], faults: ['2 invalid JSON'] });
  await assert.rejects(read(t, 'cut.json', '[{"text": "one"},\n {"te'), brine('CORPUS_DAMAGED', /line 2/));
});

test('list elements are found for any chunking, and a broken one does not affect others', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.json(), { minLength: 1 }),
      fc.integer({ min: 1, max: 20 }),
      async (values, size) => {
        const bytes = Buffer.from(`[${values.join(' ,\n')}]`);
        const chunks = async function* () {
          for (let begin = 0; begin < bytes.length; begin += size) yield bytes.subarray(begin, begin + size);
        };
        const found: unknown[] = [];
        for await (const { bytes: value } of jsonValues(chunks()))
          found.push(JSON.parse(Buffer.from(value ?? []).toString()));
        assert.deepEqual(
          found,
          values.map((value) => JSON.parse(value) as unknown),
        );
      },
    ),
    { numRuns: 100 },
  );
  const strays = '} ] , [ } ]\n"';
  await assert.rejects(async () => {
    for await (const _ of jsonValues(chunkOf(strays)));
  }, /does not end/);
});

// oxlint-disable-next-line require-await -- a stream of one chunk
async function* chunkOf(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text as Uint8Array);
}

test('text comes from a field, a nested field or a chat; other values are faults with a reason', async (t) => {
  const lines = (...records: unknown[]) => records.map((record) => JSON.stringify(record)).join('\n');
  const nested = lines({ meta: { text: 'inside' } }, { 'meta.text': 'by its name' }, { meta: 'x' });
  assert.deepEqual(await read(t, 'a.jsonl', nested, { textField: 'meta.text' }), {
    documents: ['inside', 'by its name'],
    faults: ['3 no text in field "meta.text"'],
  });
  const chats = lines(
    {
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: [{ type: 'text', text: 'Hello' }] },
      ],
    },
    { messages: [{ from: 'human', value: 'Hi' }] },
    { messages: [{ role: 'user', content: null }] },
    { messages: ['a', 'b'] },
    { messages: { role: 'user' } },
  );
  assert.deepEqual(await read(t, 'a.jsonl', chats, { textField: 'messages' }), {
    documents: ['user: Hi\nassistant: Hello\n', 'human: Hi\n'],
    faults: [
      '3 a message of "messages" has no text',
      '4 "messages" is a list, neither text nor messages',
      '5 "messages" is an object (role), not text',
    ],
  });
});

test('CSV supports quotes, multi-line values and other separators; a missing column is named', async (t) => {
  const csv = 'id,text\r\n1,"a ""quoted""\nvalue, with a comma"\r\n2,plain "inside"\r\n3,\r\n4\r\n';
  assert.deepEqual(await read(t, 'a.csv', csv), {
    documents: ['a "quoted"\nvalue, with a comma', 'plain "inside"'],
    faults: ['5 empty text', '6 no text in column "text"'],
  });
  assert.deepEqual((await read(t, 'a.csv', 'id;text\n1;a, b\n')).documents, ['a, b']);
  assert.deepEqual((await read(t, 'a.TSV', 'id\ttext\n1\ta, b\n')).documents, ['a, b']);
  assert.deepEqual((await read(t, 'a.tsv.gz', gzipSync('id\ttext\n1\ta, b\n'))).documents, ['a, b']);
  assert.deepEqual((await read(t, 'a.csv', utf16('text\nÄ\n', 'le'))).documents, ['Ä']);
  const bad = Buffer.concat([Buffer.from('text\na'), Buffer.of(0xff), Buffer.from('\nb\n')]);
  assert.deepEqual(await read(t, 'a.csv', bad), { documents: ['b'], faults: ['2 invalid UTF-8'] });
  await assert.rejects(
    read(t, 'a.csv', 'id,body\n1,x\n'),
    brine('CORPUS_COLUMN', /no column "text".*id, body/),
  );
  await assert.rejects(read(t, 'a.csv', 'text\n"open\nx\n'), brine('CORPUS_DAMAGED', /a\.csv.*Quote/i));
});

test('UTF-16 is read with a byte order mark and skipped without one', async (t) => {
  for (const order of ['le', 'be'] as const) {
    assert.deepEqual((await read(t, 'a.txt', utf16('Grüße\n你好\n', order))).documents, ['Grüße\n你好\n']);
    assert.deepEqual((await read(t, 'a.jsonl', utf16(RECORDS, order))).documents, TWO);
    const unmarked = utf16('no mark at all', order).subarray(2);
    await assert.rejects(
      read(t, 'a.txt', unmarked),
      brine('CORPUS_EMPTY', /UTF-16 without a byte order mark/),
    );
  }
  await assert.rejects(read(t, 'a.txt', utf16('\ud800 ', 'le')), brine('TEXT_INVALID', /not valid UTF-16/));
});

test('a NUL does not make a file binary; in a line of records it is one fault', async (t) => {
  const early = `a\0b\n${'text\n'.repeat(4000)}`;
  const late = `${'text\n'.repeat(4000)}a\0b\n`;
  assert.deepEqual((await read(t, 'a.txt', early)).documents, [early]);
  assert.deepEqual((await read(t, 'a.txt', late)).documents, [late]);
  const records = '{"text":"one"}\n{"text":"b\0d"}\n{"text":"three"}\n';
  assert.deepEqual(await read(t, 'a.jsonl', records), {
    documents: ['one', 'three'],
    faults: ['2 invalid JSON'],
  });
});

test('Arrow gives one document for each row, from streams and dataset folders without their metadata', async (t) => {
  const folder = await freshFolder(t);
  await mkdir(join(folder, 'train'));
  const data = arrowStream(['one', null, '', 'vier ü']);
  await writeFile(join(folder, 'train/data-00000-of-00001.arrow'), data);
  await writeFile(join(folder, 'train/cache-0123.arrow'), data);
  const state = { _data_files: [{ filename: 'data-00000-of-00001.arrow' }] };
  await writeFile(join(folder, 'train/state.json'), JSON.stringify(state));
  await writeFile(join(folder, 'train/dataset_info.json'), '{"description": "not a text"}');
  await writeFile(join(folder, 'dataset_dict.json'), '{"splits": ["train"]}');
  const { documents, faults, skipped } = await readOut(folder);
  assert.deepEqual(documents, ['one', 'vier ü']);
  assert.deepEqual(faults.byReason, { 'no text in column "text"': 1, 'empty text': 1 });
  assert.deepEqual(skipped.byReason, {
    'metadata of a datasets folder': 3,
    'not among the data files of state.json': 1,
  });
  await assert.rejects(read(t, 'a.arrow', data, { textField: 'body' }), brine('CORPUS_COLUMN', /id, text/));
  await assert.rejects(
    read(t, 'a.arrow', data.subarray(0, data.length - 200)),
    brine('CORPUS_DAMAGED', /a\.arrow/),
  );
});

test('a nested parquet column is read by its dotted path only', async (t) => {
  const writer = new ByteWriter();
  await parquetWrite({
    writer,
    columnData: [{ name: 'meta', data: [{ text: 'one' }, { text: 'two' }], type: 'JSON' }],
  });
  const bytes = new Uint8Array(writer.getBytes());
  await assert.rejects(
    read(t, 'a.parquet', bytes),
    brine('CORPUS_COLUMN', /no column "text" \(it has meta\)/),
  );
  assert.deepEqual((await read(t, 'a.parquet', bytes, { textField: 'meta.text' })).documents, ['one', 'two']);
  assert.match(
    (await read(t, 'a.parquet', bytes, { textField: 'meta' })).faults[0] ?? '',
    /is an object \(text\)/,
  );
});

test('a WebDataset gives the texts and records of a tar; other members are counted as skipped', async (t) => {
  const long = `${'deep/'.repeat(30)}name.txt`;
  const path = ` path=${long}\n`;
  const tar = tarOf([
    { name: '000.txt', content: 'a text' },
    { name: '000.cls', content: '3' },
    { name: '000.jpg', content: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 1, 2, 3) },
    { name: '001.json', content: '{"text": "a record"}' },
    { name: '002.jsonl.gz', content: packed.gz },
    { name: 'pax', content: `${path.length + 3}${path}`, type: 'x' },
    { name: 'cut', content: 'by a long name' },
    { name: 'link.txt', content: '', type: '2' },
  ]);
  const expected = ['a text', 'a record', ...TWO, 'by a long name'];
  for (const [name, content] of [
    ['shard.tar', tar],
    ['shard.tar.gz', gzipSync(tar)],
    ['shard.tgz', gzipSync(tar)],
  ] as const) {
    const folder = await freshFolder(t);
    await writeFile(join(folder, name), content);
    const { documents, pieces, skipped } = await readOut(folder);
    assert.deepEqual(documents, expected, name);
    assert.equal(pieces.at(-1)?.source, `${name}/${long}`);
    assert.deepEqual(skipped.first, [
      { source: `${name}/000.cls`, reason: 'class or index of a sample' },
      { source: `${name}/000.jpg`, reason: 'binary' },
    ]);
  }
  await assert.rejects(read(t, 'cut.tar', tar.subarray(0, 700)), brine('CORPUS_DAMAGED', /truncated/));
});

test('bzip2 blocks add up to the whole content for any chunking', async () => {
  const { longBz2 } = packed;
  for (const size of [1, 7, 64]) {
    const chunks = async function* () {
      for (let begin = 0; begin < longBz2.length; begin += size) yield longBz2.subarray(begin, begin + size);
    };
    let blocks = 0;
    for await (const _ of bzip2Blocks(chunks())) blocks += 1;
    assert.equal(blocks, 1, 'a run is packed before blocks are counted');
    let letters = 0;
    for await (const part of unpacked(chunks(), 'bz2', 'long.bz2')) letters += part.length;
    assert.equal(letters, 2_500_000);
  }
  assert.ok(MAX_UNPACKED < 2 ** 26);
  const listeners = process.listenerCount('unhandledRejection'); // the test runner has one
  assert.ok(listeners <= 1, 'the decoder leaves errors to the process');
});

test('formats follow from file endings in any case, with compression', () => {
  assert.deepEqual(formatOf('a/b.c/README'), { content: 'text' });
  assert.deepEqual(formatOf('part.JSONL.ZST'), { content: 'lines', packing: 'zst' });
  assert.deepEqual(formatOf('part.txt.bz2'), { content: 'text', packing: 'bz2' });
  assert.deepEqual(formatOf('gz'), { content: 'text' });
  assert.deepEqual(formatOf('x.tgz'), { content: 'tar', packing: 'gz' });
  assert.deepEqual(formatOf('x.Parquet'), { content: 'parquet' });
});
