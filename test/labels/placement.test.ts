/** Placement of rows on several cache servers: even, and stable when servers are added. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownerOf } from '../../src/labels/placement.ts';

const ROWS = Array.from({ length: 20_000 }, (_, row) => row);

test('a single server owns every row', () => {
  assert.ok(ROWS.every((row) => ownerOf(row, 1) === 0));
});

test('rows spread evenly', () => {
  for (const parts of [2, 3, 7]) {
    const counts = Array.from({ length: parts }, () => 0);
    for (const row of ROWS) counts[ownerOf(row, parts)]! += 1;
    for (const count of counts) {
      const deviation = Math.sqrt(ROWS.length / parts);
      assert.ok(Math.abs(count - ROWS.length / parts) < 5 * deviation, counts.join());
    }
  }
});

test('an added server takes its share of the rows, and no other row moves', () => {
  for (const parts of [1, 2, 5]) {
    const moved = ROWS.filter((row) => ownerOf(row, parts) !== ownerOf(row, parts + 1));
    assert.ok(moved.every((row) => ownerOf(row, parts + 1) === parts));
    assert.ok(Math.abs(moved.length / ROWS.length - 1 / (parts + 1)) < 0.02);
  }
});
