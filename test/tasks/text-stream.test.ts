/** Decoding ids to text piece by piece. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextStream } from '../../src/tasks/text-stream.ts';

/** One id for each byte, like a byte-level tokenizer without merges. */
const bytes = async (ids: Iterable<number>) => new TextDecoder().decode(Uint8Array.from(ids));
/** Like SentencePiece: one id for each word, and no space before the first. */
const WORDS = ['▁Der', '▁Fluß', 'es', '▁Lauf', '.'];
const words = async (ids: Iterable<number>) =>
  Array.from(ids, (id) => WORDS[id]!.replace('▁', ' '))
    .join('')
    .replace(/^ /, '');

test('a piece never ends inside a character, and the pieces add up to the text', async () => {
  for (const text of ['plain', 'für 日本語 und 👩‍🚀!', '日', '\ufffd kept \ufffd']) {
    const ids = [...new TextEncoder().encode(text)];
    for (const begun of [0, Buffer.byteLength(String.fromCodePoint(text.codePointAt(0)!))]) {
      const stream = await TextStream.after(bytes, ids.slice(0, begun));
      const pieces: string[] = [];
      for (const id of ids.slice(begun)) pieces.push(await stream.push(id));
      assert.ok(text.includes('\ufffd') || !pieces.join('').includes('\ufffd'), pieces.join('|'));
      pieces.push(await stream.end());
      assert.equal(pieces.join(''), await bytes(ids.slice(begun)));
    }
  }
});

test('bytes of an incomplete character are returned at the end or before the next complete character', async () => {
  const stream = await TextStream.after(bytes, []);
  assert.equal(await stream.push(0xe6), '');
  assert.equal(await stream.push(0x41), '\ufffdA');
  assert.equal(await stream.push(0xe6), '');
  assert.equal(await stream.end(), '\ufffd');
  assert.equal(await stream.end(), '');
});

test('words keep the spaces that the decoder removes from the first word', async () => {
  const stream = await TextStream.after(words, [0]);
  const pieces: string[] = [];
  for (const id of [1, 2, 3, 4, 1, 2, 3, 4]) pieces.push(await stream.push(id));
  assert.deepEqual(pieces, [' Fluß', 'es', ' Lauf', '.', ' Fluß', 'es', ' Lauf', '.']);
});
