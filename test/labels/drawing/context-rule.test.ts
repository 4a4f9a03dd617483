/** The rule `context`: records with only the context columns. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenHash } from '../../../src/labels/record/header.ts';
import { identityHash, ruleText } from '../../../src/labels/identity.ts';
import { decodeFromPeer, encodeFromPeer } from '../../../src/labels/protocol/messages.ts';
import { checkRecord, decodeContext, decodeRecord } from '../../../src/labels/record/record.ts';
import { identityOf, records, SAMPLED, TOKENS } from '../../teacher/fixtures.ts';

const CONTEXT = { kind: 'context' } as const;
const expectedOf = (row: number) => ({
  row,
  identity: identityHash(identityOf(CONTEXT)),
  tokenHash: tokenHash(TOKENS.read(row)),
});

test('a context record has the context columns of a drawn record, and no labels', async () => {
  const rows = [3, 0, 11];
  const [bare, drawn] = await Promise.all([records(CONTEXT, rows, 2), records(SAMPLED, rows, 2)]);
  rows.forEach((row, i) => {
    const expected = expectedOf(row);
    const header = checkRecord(bare[i]!, expected);
    assert.deepEqual([header.hasLabels, header.hasContext, header.entries], [false, true, 0]);
    const sampled = { ...expected, identity: identityHash(identityOf(SAMPLED)) };
    assert.deepEqual(decodeContext(bare[i]!, expected), decodeContext(drawn[i]!, sampled));
    assert.ok(bare[i]!.length < drawn[i]!.length);
    assert.throws(() => decodeRecord(bare[i]!, expected), { code: 'LABEL_DAMAGED', message: /no labels/ });
  });
});

test('the rule has its own canonical text and survives a handshake', () => {
  assert.match(ruleText(CONTEXT), /^context, drawing \d+$/);
  const identity = identityOf(CONTEXT);
  assert.deepEqual(decodeFromPeer(encodeFromPeer({ kind: 'hello', role: 'teacher', identity })), {
    kind: 'hello',
    role: 'teacher',
    identity,
  });
});
