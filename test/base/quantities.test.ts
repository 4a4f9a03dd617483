import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesText, countText, durationText, rateText, secondsText } from '../../src/base/quantities.ts';

test('durations show hours and days only when needed', () => {
  const given = [0, 31, 59.6, 725, 3599.4, 3753, 86_400, 183_845, -3, Infinity];
  assert.deepEqual(given.map(durationText), [
    '0:00',
    '0:31',
    '1:00',
    '12:05',
    '59:59',
    '1:02:33',
    '1 d 0:00:00',
    '2 d 3:04:05',
    '0:00',
    '–',
  ]);
  assert.deepEqual([0.84, 31.25, 59.96, 3753].map(secondsText), ['0.8 s', '31.3 s', '1:00', '1:02:33']);
});

test('counts are grouped by thousands, and large counts have a prefix', () => {
  assert.deepEqual([0, 999, 3200, 99_999, 198_051, 999_600, 1_234_567, 2.5e9].map(countText), [
    '0',
    '999',
    '3,200',
    '99,999',
    '198k',
    '1.00M',
    '1.23M',
    '2.50G',
  ]);
});

test('bytes and rates have three digits and a prefix', () => {
  assert.deepEqual([0, 512, 999.7, 1500, 12_345_678, 71_223_513_088].map(bytesText), [
    '0 B',
    '512 B',
    '1.00 kB',
    '1.50 kB',
    '12.3 MB',
    '71.2 GB',
  ]);
  assert.deepEqual([0, -1, 0.42, 9.96, 950, 999.6, 17_234, 1.234e6].map(rateText), [
    '0',
    '0',
    '0.4',
    '10',
    '950',
    '1.00k',
    '17.2k',
    '1.23M',
  ]);
});
