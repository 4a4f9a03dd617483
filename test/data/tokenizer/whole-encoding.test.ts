import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Tokenizer as NativeTokenizer } from 'tokenizers';
import { segmentsOf, type TextSegment } from '../../../src/data/cuts/segments.ts';
import type { TextPiece } from '../../../src/data/corpus/document.ts';
import { tokenizerFrom, type Tokenizer } from '../../../src/data/tokenizer/tokenizer.ts';
import { tokenizerJson } from '../../support/tokenizers.ts';
import { brine } from '../fixture.ts';
import { CUTTABLE, UNCUTTABLE } from './tokenizer-kinds.ts';

/** For each tokenizer. */
const RUNS = 300;

const PROSE =
  'We know the words. Then let us name them, one by one; the last is a word too.\n\n  if (a) { ab(1234); }\n漢字。\n';

async function* cutAt(text: string, places: readonly number[]): AsyncGenerator<TextPiece> {
  const inside = Array.from(
    new Set(
      places
        .map((place) => place % text.length)
        .filter((place) => place > 0 && !/^[\udc00-\udfff]/.test(text.slice(place))),
    ),
  );
  const all = [0, ...inside.toSorted((a, b) => a - b), text.length];
  for (const [index, begin] of all.slice(0, -1).entries()) {
    const end = all[index + 1]!;
    yield { text: text.slice(begin, end), source: 'a', line: 1, ends: end === text.length };
  }
}

interface Encoded {
  readonly ids: number[];
  readonly segments: readonly TextSegment[];
}

async function inParts(tokenizer: Tokenizer, text: string, places: readonly number[]): Promise<Encoded> {
  const segments: TextSegment[] = [];
  for await (const segment of segmentsOf(cutAt(text, places), tokenizer.cutter, { soonAfter: 1 }))
    segments.push(segment);
  const batch = await tokenizer.encodeBatch(segments.map((segment) => segment.text));
  return { ids: batch.flatMap((ids) => [...ids]), segments };
}

const text = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(...PROSE.split(/(?<=[ \n])/), ' ', '  ', '\n', 'ab', "'s ", ' ab'),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          '\r\n',
          '\t',
          '\u00a0',
          'é',
          'e\u0301',
          ' \u0301',
          '漢',
          '、',
          '。',
          '\u200d',
          '😀',
          'ß',
          'Å',
          '١',
          '<b>',
          ' <l>',
          '<r> ',
          'aaaa',
          '▁',
          ' ▁',
          'ﬁ',
          '…',
          '    ',
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
      { weight: 2, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 12 }) },
    ),
    { minLength: 1, maxLength: 24 },
  )
  .map((parts) => parts.join(''));

for (const [name, parts] of Object.entries({ ...CUTTABLE, ...UNCUTTABLE })) {
  test(`a document gets the ids of its whole text for any cuts: ${name}`, async () => {
    const json = tokenizerJson(parts);
    const tokenizer = tokenizerFrom(json, { what: name, endOfText: '<|endoftext|>' });
    const whole = NativeTokenizer.fromString(json);
    const expected = async (document: string) =>
      (await whole.encode(document, null, { addSpecialTokens: false })).getIds();
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(500), { maxLength: 5 }), async (document, places) => {
        const { ids, segments } = await inParts(tokenizer, document, places);
        assert.deepEqual(ids, await expected(document), segments.map((segment) => segment.text).join('|'));
        assert.equal(
          segments.reduce((sum, segment) => sum + segment.bytes, 0),
          Buffer.byteLength(document),
        );
        assert.deepEqual(
          segments.map(({ ends }) => ends),
          segments.map((_, at) => at === segments.length - 1),
        );
      }),
      { numRuns: RUNS },
    );
    const { segments } = await inParts(tokenizer, PROSE.repeat(20), [17, 300, 301]);
    if (name in UNCUTTABLE) assert.equal(segments.length, 1);
    else assert.ok(segments.length >= 20, `${segments.length} segments`);
  });
}

test('a document that cannot be cut is rejected if it is too long to be encoded whole', async () => {
  const { cutter } = tokenizerFrom(tokenizerJson(UNCUTTABLE['an unknown pre-tokenizer']!), { what: 'it' });
  const read = async () => {
    for await (const segment of segmentsOf(cutAt('word '.repeat(100), [9]), cutter, { most: 400 }))
      assert.fail(segment.text);
  };
  await assert.rejects(read(), brine('TEXT_INVALID', /a:1: 500 characters.*at most 400/));
});
