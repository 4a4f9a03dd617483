/** The cache over the in-memory transport: refusals, leases, waiting, replay, and faulty peers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoped } from '../../../src/base/scope.ts';
import type { DrawingRule, LabelIdentity } from '../../../src/labels/identity.ts';
import { memoryStore } from '../../../src/labels/store/memory.ts';
import { decodeToPeer, encodeFromPeer } from '../../../src/labels/protocol/messages.ts';
import { encodeRecord } from '../../../src/labels/record/record.ts';
import { formOf, IDENTITY, rowLabels, rowTokens } from '../fixtures.ts';
import { cache, label, leaseOf, record, rowsOf, SHAPE, teach, TOKENS } from '../served.ts';

test('students receive the delivered labels in the requested order, after waiting for missing ones', () =>
  scoped(async (scope) => {
    const { student, teacher, server } = await cache(scope);
    const labels = await student();
    const waiting = rowsOf(labels, [9, 2, 40]);
    const [one, two] = [await teacher(), await teacher()];
    const done = Promise.all([teach(one), teach(two)]);
    assert.deepEqual(await waiting, [9, 2, 40]);
    labels.prefetch(Array.from({ length: 64 }, (_, row) => row));
    for (let row = 0; row < 64; row += 8) {
      const rows = Array.from({ length: 8 }, (_, i) => row + i);
      assert.deepEqual(await rowsOf(labels, rows), rows);
    }
    const stats = await labels.stats();
    assert.equal(stats.stored, 64, 'each row of the demand was labelled once');
    assert.equal(stats.teachersAlive, 2);
    assert.equal(stats.hits + stats.misses, 67);
    assert.ok(stats.rowsPerSecond > 0);
    assert.ok(labels.waitedMs > 0);
    await server.close();
    await done;
  }));

test('forgotten prefetched rows make space for others, and can be requested again', () =>
  scoped(async (scope) => {
    const { student, teacher, server } = await cache(scope);
    const labels = await student({ heldRows: 4 });
    labels.prefetch([1, 2, 3, 4, 5, 6]);
    const waiting = rowsOf(labels, [1]); // a fetch in progress is not forgotten
    labels.forget([1, 2, 3, 4, 5, 6]);
    labels.prefetch([50, 51]);
    await labels.stats(); // the earlier fetches have arrived
    const one = await teacher();
    const lease = await leaseOf(one, 6);
    assert.deepEqual(lease.rows, [1, 2, 3, 4, 50, 51]);
    await label(one, lease);
    const ended = assert.rejects(teach(one), { code: 'CLOSED' });
    assert.deepEqual(await waiting, [1]);
    assert.deepEqual(await rowsOf(labels, [2, 50, 6]), [2, 50, 6]);
    await server.close();
    await ended;
  }));

test('a lease contains the token ids of its rows, and rows that a student waits for come first', () =>
  scoped(async (scope) => {
    const { student, teacher } = await cache(scope);
    const labels = await student();
    labels.prefetch([50, 51]);
    await labels.stats(); // the earlier fetch has arrived
    const lease = await leaseOf(await teacher(), 3);
    assert.deepEqual(lease.rows, [50, 51, 0]);
    assert.deepEqual(lease.tokens, [50, 51, 0].map(TOKENS.read));
  }));

test('teachers run ahead of the students by a bounded number of rows', () =>
  scoped(async (scope) => {
    const { student, teacher } = await cache(scope, { aheadRows: 8 });
    const [labels, one] = [await student(), await teacher()];
    for (const first of [0, 4]) {
      const lease = await leaseOf(one, 4);
      assert.equal(lease.rows[0], first);
      await label(one, lease);
    }
    const next = one.next(4);
    assert.equal((await labels.stats()).rowsAhead, 8);
    const early = await Promise.race([next, labels.stats()]);
    assert.ok(early && 'stored' in early, 'no lease while 8 rows are ahead');
    await labels.fetch([0, 1, 2, 3]);
    assert.deepEqual((await next)?.rows, [8, 9, 10, 11]);
  }));

test('an expired lease goes to another teacher, and a late duplicate with equal bytes is accepted', () =>
  scoped(async (scope) => {
    const { teacher, events, event } = await cache(scope, {
      leaseMs: 20,
      demand: { length: 2, at: (i) => i },
    });
    const [slow, quick] = [await teacher(), await teacher()];
    const first = await leaseOf(slow, 2);
    const second = await leaseOf(quick, 2);
    assert.deepEqual(second.rows, first.rows);
    assert.ok(second.lease > first.lease);
    await event('expired');
    await label(quick, second);
    await label(slow, first);
    assert.ok(events.every(({ kind }) => kind !== 'fault'));
  }));

test('a late duplicate with different bytes is LABEL_CONFLICT, and the first bytes stay', () =>
  scoped(async (scope) => {
    const { teacher, store, server } = await cache(scope, {
      leaseMs: 20,
      demand: { length: 1, at: () => 5 },
    });
    const [slow, quick] = [await teacher(), await teacher()];
    const first = await leaseOf(slow, 1);
    await label(quick, await leaseOf(quick, 1));
    const other = rowLabels({ row: 5, ...SHAPE, context: false });
    const forged = encodeRecord(other, formOf({ row: 5, ...SHAPE }));
    await assert.rejects(slow.deliver(first, [forged]), { code: 'LABEL_CONFLICT' });
    assert.deepEqual(store.get(5), record(5));
    assert.equal(server.stats().conflicts, 1);
    await assert.rejects(slow.next(1), { code: 'LABEL_CONFLICT' }, 'the teacher is cut off');
    assert.equal(server.stats().teachersAlive, 1);
  }));

test('the rows of a teacher that leaves are leased again', () =>
  scoped(async (scope) => {
    const { teacher } = await cache(scope);
    const [one, two] = [await teacher(), await teacher()];
    const lease = await leaseOf(one, 4);
    await one.close();
    assert.deepEqual((await leaseOf(two, 4)).rows, lease.rows);
  }));

test('records that are damaged or of other token ids or another identity are not stored, and their rows are leased again', () =>
  scoped(async (scope) => {
    const { teacher, store } = await cache(scope);
    const damaged = record(0);
    damaged[80]! ^= 1;
    const other = { ...formOf({ row: 0, ...SHAPE }), tokens: rowTokens(1, SHAPE) };
    const foreign: LabelIdentity = { ...IDENTITY, teacher: 'e'.repeat(64) };
    const cases = [
      [damaged, 'LABEL_DAMAGED'],
      [encodeRecord(rowLabels({ row: 0, ...SHAPE }), other), 'LABEL_MISALIGNED'],
      [record(0, foreign), 'LABEL_DAMAGED'],
      [record(1), 'LABEL_DAMAGED'],
    ] as const;
    for (const [bytes, code] of cases) {
      const one = await teacher();
      await assert.rejects(one.deliver(await leaseOf(one, 1), [bytes]), { code });
      assert.equal(store.count(), 0);
      await one.close();
    }
    const one = await teacher();
    await label(one, await leaseOf(one, 1));
    assert.deepEqual(Array.from(store.rows()), [0]);
  }));

test('a wrong identity is refused at Hello by an error that names both sides', () =>
  scoped(async (scope) => {
    const { teacher, student, events } = await cache(scope);
    const rule: DrawingRule = { kind: 'sampled', draws: 8, temperature: 1, seed: 7 };
    const cases = [
      [
        { ...IDENTITY, tokenizer: '9'.repeat(64) },
        'TOKENIZER_MISMATCH',
        /aaaaaaaa….*this student uses 99999999…/,
      ],
      [{ ...IDENTITY, data: '9'.repeat(64) }, 'DATA_MISMATCH', /bbbbbbbb….*99999999…/],
      [{ ...IDENTITY, teacher: '9'.repeat(64) }, 'TEACHER_MISMATCH', /cccccccc….*99999999…/],
      [{ ...IDENTITY, rule }, 'RULE_MISMATCH', /sampled 50.*sampled 8/],
    ] as const;
    for (const [identity, code, message] of cases) {
      await assert.rejects(student({ identity }), { code, message });
      await assert.rejects(teacher({ identity }), { code });
    }
    assert.equal(events.filter(({ kind }) => kind === 'refused').length, 8);
  }));

test('a replay serves the same bytes, refuses teachers, and reports missing labels at once', () =>
  scoped(async (scope) => {
    const store = memoryStore();
    await Promise.all([1, 2].map((row) => store.put(row, record(row))));
    const { teacher, student } = await cache(scope, { store, replay: true });
    const labels = await student();
    assert.ok(labels.replay);
    assert.deepEqual(await rowsOf(labels, [2, 1]), [2, 1]);
    await assert.rejects(labels.fetch([1, 3]), { code: 'LABEL_MISSING', message: /no label for 1 rows \(3/ });
    assert.deepEqual(await rowsOf(labels, [1]), [1], 'the cache continues to serve');
    await assert.rejects(teacher(), { code: 'BAD_ARGUMENT' });
  }));

test('LABELS_LATE names the number of live teachers', () =>
  scoped(async (scope) => {
    const { student, teacher } = await cache(scope);
    const labels = await student({ deadlineMs: 30 });
    await assert.rejects(labels.fetch([3]), {
      code: 'LABELS_LATE',
      message: /0 teachers alive/,
      hint: /brine teacher --cache/,
    } as object);
    await teacher();
    await assert.rejects(labels.fetch([3]), { code: 'LABELS_LATE', message: /1 teachers alive/ });
  }));

test('a student whose ids differ refuses the labels', () =>
  scoped(async (scope) => {
    const { student, teacher } = await cache(scope);
    const labels = await student({ tokens: { read: (row: number) => rowTokens(row + 1, SHAPE) } });
    const taught = teach(await teacher());
    await assert.rejects(labels.fetch([3]), { code: 'LABEL_MISALIGNED' });
    taught.catch(() => undefined);
  }));

test('invalid messages are answered with errors and never end the server', () =>
  scoped(async (scope) => {
    const { transport, endpoint, student, teacher } = await cache(scope);
    const raw = await transport.dial(endpoint);
    const faulty: Uint8Array[][] = [
      [],
      [new Uint8Array(0)],
      [new Uint8Array([255, 255, 255, 255])],
      [new Uint8Array(100_000)],
      [encodeFromPeer({ kind: 'hello', role: 'student', identity: undefined })],
    ];
    for (const frames of faulty) {
      if (frames.length === 0) continue;
      await raw.send(frames);
      const answer = decodeToPeer((await raw.receive())[0]);
      assert.ok(answer.kind === 'failed' || answer.kind === 'refused', answer.kind);
      assert.equal(answer.error.code, 'BAD_MESSAGE');
    }
    for (const stranger of [
      encodeFromPeer({ kind: 'fetch', request: 1, rows: [1] }),
      encodeFromPeer({ kind: 'deliver', lease: 7, delivery: 1, rows: [1] }),
    ]) {
      await raw.send([stranger]);
      assert.equal(decodeToPeer((await raw.receive())[0]).kind, 'greet');
    }
    await raw.send([encodeFromPeer({ kind: 'hello', role: 'student', identity: IDENTITY })]);
    assert.equal(decodeToPeer((await raw.receive())[0]).kind, 'welcome');
    for (const frame of [
      encodeFromPeer({ kind: 'ask', most: 1 }),
      encodeFromPeer({ kind: 'fetch', request: 1, rows: [64] }),
      encodeFromPeer({ kind: 'fetch', request: 1, rows: [] }),
    ]) {
      await raw.send([frame]);
      assert.equal(decodeToPeer((await raw.receive())[0]).kind, 'failed');
    }
    const done = teach(await teacher());
    assert.deepEqual(await rowsOf(await student(), [0]), [0]);
    done.catch(() => undefined);
  }));
