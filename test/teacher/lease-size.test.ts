/** Lease and delivery sizes by measured throughput. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliverySize, leaseSize } from '../../src/teacher/lease-size.ts';

const sizeOf = (rows: number, seconds: number, batchRows = 8) =>
  leaseSize({ batchRows, leaseRows: 32, rows, graphMs: seconds * 900, encodeMs: seconds * 100 });

test('a fast teacher delivers a quarter of a second of work together, a slow one each batch', () => {
  const measured = { batchRows: 8, leaseRows: 32, encodeMs: 0 };
  assert.equal(deliverySize({ ...measured, rows: 0, graphMs: 0 }), 8);
  assert.equal(deliverySize({ ...measured, rows: 1000, graphMs: 1000 }), 32);
  assert.equal(deliverySize({ ...measured, rows: 64, graphMs: 1000 }), 16);
  assert.equal(deliverySize({ ...measured, rows: 8, graphMs: 9000 }), 8);
});

test('the first lease is one batch; later leases are one second of work in whole batches', () => {
  assert.equal(sizeOf(0, 0), 8);
  assert.equal(sizeOf(100, 5), 16, '20 rows a second');
  assert.equal(sizeOf(1000, 1), 32, 'at most the largest lease');
  assert.equal(sizeOf(8, 60), 8, 'at least one batch');
  assert.equal(sizeOf(10, 4, 1), 2);
  assert.equal(sizeOf(0, 0, 64), 32, 'a batch is at most as large as a lease');
});
