/** Records with impossible values are neither stored nor trained on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenHash } from '../../../src/labels/record/header.ts';
import { identityHash, type DrawingRule, type LabelIdentity } from '../../../src/labels/identity.ts';
import { Ingest } from '../../../src/labels/server/ingest.ts';
import { memoryStore } from '../../../src/labels/store/memory.ts';
import { checkPlausible } from '../../../src/labels/record/plausible.ts';
import { encodeRecord, type RowLabels } from '../../../src/labels/record/record.ts';
import { formOf, IDENTITY, rowLabels, rowTokens } from '../fixtures.ts';

const SHAPE = { row: 3, positions: 6, vocabulary: 500 };
const ROWS = { rows: 8, rowLength: 7, vocabularySize: 500, read: (row: number) => rowTokens(row, SHAPE) };
const RULES: readonly DrawingRule[] = [
  IDENTITY.rule,
  { kind: 'topk', k: 12, temperature: 0.5 },
  { kind: 'dense', temperature: 1 },
  { kind: 'context' },
];

const identityOf = (rule: DrawingRule): LabelIdentity => ({ ...IDENTITY, rule });

/** The error with which a server refuses a record of these labels; undefined when it accepts them. */
function refusal(rule: DrawingRule, change: (labels: RowLabels) => RowLabels): unknown {
  const identity = identityOf(rule);
  const form = formOf({ ...SHAPE, identity });
  const record = encodeRecord(change(rowLabels({ ...SHAPE, identity })), form);
  const store = memoryStore();
  const ingest = new Ingest({ store, tokens: ROWS, identity: identityHash(identity) });
  try {
    ingest.check(SHAPE.row, record);
    return undefined;
  } catch (error) {
    return error;
  }
}

const withContext = (labels: RowLabels, change: Partial<RowLabels['context'] & object>): RowLabels => ({
  ...labels,
  context: { ...labels.context!, ...change },
});

test('a server accepts labels of every rule, and refuses an impossible log-probability, rank or entropy', () => {
  for (const rule of RULES) {
    assert.equal(
      refusal(rule, (labels) => labels),
      undefined,
    );
    for (const broken of [NaN, Infinity, 7.5]) {
      assert.match(
        String(
          refusal(rule, (labels) =>
            withContext(labels, { entropy: labels.context!.entropy.with(2, broken) }),
          ),
        ),
        /the label of row 3 has an entropy of .* nats over 500 ids at position 2/,
        `${rule.kind} ${broken}`,
      );
    }
    const ranked = (labels: RowLabels) =>
      withContext(labels, { trueRank: labels.context!.trueRank.with(1, 500) });
    assert.match(String(refusal(rule, ranked)), /the rank 500 among 500 ids at position 1/);
  }
});

test('masses that do not sum to 1 are refused', () => {
  const half = (labels: RowLabels): RowLabels => ({
    ...labels,
    weights: labels.weights.map((mass) => mass / 2),
  });
  const none = (labels: RowLabels): RowLabels => ({
    ...labels,
    weights: labels.weights.map(() => NaN),
    remaining: labels.remaining?.map(() => NaN),
  });
  const topk: DrawingRule = { kind: 'topk', k: 12, temperature: 0.5 };
  assert.match(String(refusal(topk, none)), /masses that sum to 1.\d+e-13 at position 0/);
  assert.match(String(refusal(topk, half)), /masses that sum to 0\.\d+ at position 0/);
  assert.match(
    String(refusal({ kind: 'dense', temperature: 1 }, half)),
    /masses that sum to 0\.\d+ at position 0/,
  );
  assert.match(String(refusal({ kind: 'dense', temperature: 1 }, none)), /impossible weight NaN/);
});

test('a large loss is accepted and written as 32 nats', () => {
  for (const rule of RULES) {
    const lost = (labels: RowLabels) =>
      withContext(labels, { trueLogProb: labels.context!.trueLogProb.with(0, -3e38) });
    assert.equal(refusal(rule, lost), undefined);
  }
});

test('a record is checked independently of its encoder', () => {
  const form = formOf(SHAPE);
  const record = encodeRecord(rowLabels(SHAPE), form);
  checkPlausible(record, { row: 3, identity: form.identity, tokenHash: tokenHash(form.tokens) });
});
