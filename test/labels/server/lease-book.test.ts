/** Leases by a simulated clock: order, expiry by measured throughput, and the tail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LeaseBook, type BookOptions } from '../../../src/labels/server/lease-book.ts';

function bookOf(rows: number, options: Partial<BookOptions> = {}) {
  const stored = new Set<number>();
  const book = new LeaseBook({
    demand: { length: rows, at: (index) => index },
    has: (row) => stored.has(row),
    owns: () => true,
    aheadRows: 1000,
    leaseMs: 60_000,
    lastLease: 0,
    ...options,
  });
  return {
    book,
    /** Grants a lease and delivers it after `takes` milliseconds. */
    label: (peer: string, most: number, { at, takes }: { at: number; takes: number }) => {
      const grant = book.grant(peer, most, at)!;
      book.delivered(grant.lease, grant.rows.length, at + takes);
      for (const row of grant.rows) {
        stored.add(row);
        book.stored(row);
      }
      return grant;
    },
  };
}

test('once the throughput of a teacher is known, its leases are valid for a multiple of the expected time', () => {
  const { book, label } = bookOf(100);
  assert.equal(label('quick', 10, { at: 0, takes: 100 }).expires, 60_000);
  assert.equal(book.grant('quick', 10, 1000)!.expires, 3000, 'at least two seconds');
  assert.equal(label('slow', 10, { at: 0, takes: 5000 }).expires, 60_000);
  assert.equal(book.grant('slow', 10, 10_000)!.expires, 10_000 + 8 * 5000);
});

test('a partial delivery renews the lease; a complete one measures the throughput', () => {
  const { book } = bookOf(100);
  const slow = book.grant('slow', 4, 0)!;
  book.delivered(slow.lease, 1, 59_000);
  book.stored(slow.rows[0]!);
  assert.deepEqual(
    book.expire(60_000, () => false),
    [],
    'its teacher is still working',
  );
  for (const row of slow.rows.slice(1)) {
    book.delivered(slow.lease, 1, 100_000);
    book.stored(row);
  }
  const next = book.grant('slow', 4, 100_000)!;
  assert.equal(next.expires, 100_000 + 8 * 100_000, 'four rows in 100 s');
  assert.equal(book.expire(next.expires, () => false).length, 1, 'a lease without deliveries expires');
});

test('the tail is leased to a second teacher after longer than that teacher would need', () => {
  const { book, label } = bookOf(20);
  label('quick', 5, { at: 0, takes: 100 });
  const slow = book.grant('slow', 10, 0)!;
  const rest = label('quick', 10, { at: 100, takes: 100 });
  assert.deepEqual(rest.rows, [15, 16, 17, 18, 19]);
  assert.equal(
    book.grant('unknown', 10, 10_000),
    undefined,
    'a teacher of unknown throughput receives no duplicates',
  );
  assert.equal(book.grant('quick', 10, 250), undefined, 'not yet');
  const tail = book.grant('quick', 10, 700)!;
  assert.deepEqual(tail.rows, slow.rows);
  assert.ok(tail.lease > slow.lease);
});

test('at most two teachers have a row, and only the second after the first returns it', () => {
  const { book, label } = bookOf(4);
  label('quick', 1, { at: 0, takes: 10 });
  label('third', 1, { at: 0, takes: 10 });
  const slow = book.grant('slow', 2, 0)!;
  const tail = book.grant('quick', 2, 1000)!;
  assert.deepEqual(tail.rows, slow.rows);
  assert.equal(book.grant('third', 2, 100_000), undefined);
  assert.equal(book.release(slow.lease), 2);
  assert.equal(book.grant('slow', 2, 1001), undefined, 'the second teacher still works on them');
  book.release(tail.lease);
  assert.deepEqual(book.grant('third', 2, 1002)!.rows, slow.rows);
});

test('before the end of the demand, only rows that a student waits for are duplicated', () => {
  const { book, label } = bookOf(100, { aheadRows: 6 });
  label('quick', 2, { at: 0, takes: 10 });
  const slow = book.grant('slow', 4, 0)!;
  assert.equal(book.grant('quick', 4, 1000), undefined, 'six rows are ahead and no student waits');
  book.want(slow.rows[1]!);
  assert.deepEqual(book.grant('quick', 4, 1000)!.rows, [slow.rows[1]]);
});

test('the rows of a departed teacher are leased again before further demand', () => {
  const { book } = bookOf(100);
  const lost = book.grant('one', 4, 0)!;
  book.forget('one');
  assert.deepEqual(book.grant('two', 6, 1)!.rows, [...lost.rows, 4, 5]);
});

test('rows that another server owns are skipped', () => {
  const { book } = bookOf(10, { owns: (row) => row % 2 === 1 });
  assert.deepEqual(book.grant('one', 10, 0)!.rows, [1, 3, 5, 7, 9]);
  assert.equal(book.filled, false);
});

test('the last lease of the demand may be smaller than requested', () => {
  const { label, book } = bookOf(10, { aheadRows: 10 });
  label('one', 4, { at: 0, takes: 1 });
  label('one', 4, { at: 2, takes: 1 });
  assert.deepEqual(label('one', 4, { at: 4, takes: 1 }).rows, [8, 9]);
  assert.ok(book.filled);
});

test('the last lease of new rows may be small if only repeated rows follow', () => {
  const { label, book } = bookOf(10, {
    demand: { length: 30, at: (index) => index % 10 },
    aheadRows: 10,
  });
  label('one', 4, { at: 0, takes: 1 });
  label('one', 4, { at: 2, takes: 1 });
  assert.deepEqual(label('one', 4, { at: 4, takes: 1 }).rows, [8, 9]);
  assert.equal(book.grant('one', 4, 6), undefined);
  assert.ok(book.filled);
});

test('the last lease of a server may be small if only rows of other servers follow', () => {
  const { label } = bookOf(10, { owns: (row) => row % 2 === 1, aheadRows: 5 });
  label('one', 3, { at: 0, takes: 1 });
  assert.deepEqual(label('one', 3, { at: 2, takes: 1 }).rows, [7, 9]);
});

test('any demand is drawn without students if all its rows may be ahead, for any size of the leases', () =>
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 90 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
      (rows, sizes) => {
        const wanted = new Set(rows.filter((row) => row % 3 !== 0));
        const demand = { length: rows.length, at: (index: number) => rows[index]! };
        const { book, label } = bookOf(0, { demand, owns: (row) => row % 3 !== 0, aheadRows: wanted.size });
        const drawn = new Set<number>();
        for (let turn = 0; drawn.size < wanted.size; turn += 1)
          for (const row of label('one', sizes[turn % sizes.length]!, { at: turn, takes: 1 }).rows)
            drawn.add(row);
        assert.deepEqual(drawn, wanted);
        assert.equal(book.grant('one', 1, 1e6), undefined);
        assert.ok(book.filled);
      },
    ),
  ));
