/** The record format byte by byte: this version writes and reads the format of docs/formats.md. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../src/base/files/files.ts';
import { tokenHash } from '../../../src/labels/record/header.ts';
import type { DrawingRule } from '../../../src/labels/identity.ts';
import { decodeRecord, encodeRecord, type RowLabels } from '../../../src/labels/record/record.ts';

/** A vector, as written by scripts/golden/label-records.ts. */
interface Vector {
  readonly name: string;
  readonly rule: DrawingRule;
  readonly vocabulary: number;
  readonly row: number;
  readonly tokens: readonly number[];
  readonly positions: readonly (readonly (readonly [number, number])[])[];
  readonly remaining?: readonly number[];
  readonly context?: {
    readonly trueLogProb: readonly number[];
    readonly trueRank: readonly number[];
    readonly entropy: readonly number[];
  };
  readonly identity: string;
  readonly record: string;
}

const path = join(packageRoot(), 'test', 'labels', 'record-vectors.json');
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vector[];

for (const vector of vectors) {
  const { name, rule, vocabulary, row, identity } = vector;
  const tokens = Uint32Array.from(vector.tokens);
  const bytes = Uint8Array.from(Buffer.from(vector.record, 'hex'));

  test(`${name}: encoding the content gives the expected bytes`, () => {
    const form = { identity, tokens, rule, vocabulary };
    assert.equal(Buffer.from(encodeRecord(labelsOf(vector), form)).toString('hex'), vector.record);
  });

  test(`${name}: decoding the bytes gives the expected content`, () => {
    const found = decodeRecord(bytes, { row, identity, tokenHash: tokenHash(tokens) });
    const stated = labelsOf(vector);
    assert.deepEqual([found.offsets, found.ids], [stated.offsets, stated.ids]);
    // Logarithms are written in steps of 1/128 nat.
    const precision = rule.kind === 'topk' ? 1 / 250 : 0;
    stated.weights.forEach((weight, i) =>
      assert.ok(Math.abs(found.weights[i]! - weight) <= precision * weight, `weight ${i}`),
    );
    stated.remaining?.forEach((mass, t) => assert.ok(Math.abs(found.remaining![t]! - mass) <= 1 / 131_000));
    assert.deepEqual(found.context, stated.context);
  });
}

function labelsOf({ rule, row, positions, remaining, context }: Vector): RowLabels {
  const entries = positions.flat();
  const scale = rule.kind === 'sampled' ? rule.draws : 1;
  const offsets = new Uint32Array(positions.length + 1);
  positions.forEach((ids, t) => (offsets[t + 1] = offsets[t]! + ids.length));
  return {
    row,
    positions: positions.length,
    offsets,
    ids: Uint32Array.from(entries, ([id]) => id),
    weights: Float32Array.from(entries, ([, weight]) => weight / scale),
    remaining: remaining && Float32Array.from(remaining),
    context: context && {
      trueLogProb: Float32Array.from(context.trueLogProb),
      trueRank: Uint16Array.from(context.trueRank),
      entropy: Float32Array.from(context.entropy),
    },
  };
}
