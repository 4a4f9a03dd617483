import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { EventWriter, maskedCrc, tfRecord } from '../../src/report/tensorboard.ts';
import { brine } from '../../src/wire/generated/tensorboard.js';

const folder = await mkdtemp(join(tmpdir(), 'brine-tensorboard-'));
after(() => rm(folder, { recursive: true, force: true }));

test('records equal those of the RecordWriter of TensorBoard', () => {
  const hex = (text: string) => Buffer.from(tfRecord(Buffer.from(text))).toString('hex');
  assert.equal(hex(''), '000000000000000029039807d8ea82a2');
  assert.equal(hex('brine'), '0500000000000000eab2043e6272696e65a83b0434');
});

test('an event file contains the version, then the scalars, each with valid checksums', async () => {
  const writer = await EventWriter.open(join(folder, 'events'));
  await writer.scalars(7, { loss: 3.5, 'time/ring': 0 });
  await writer.scalars(4_000_000_000, { loss: 1 });
  await writer.close();
  assert.match(basename(writer.path), /^events\.out\.tfevents\.\d+\./);

  const events = readRecords(await readFile(writer.path)).map((data) => brine.tensorboard.Event.decode(data));
  assert.equal(events[0]?.fileVersion, 'brain.Event:2');
  assert.equal(Number(events[1]?.step), 7);
  assert.deepEqual(
    events[1]?.summary?.value?.map(({ tag, simpleValue }) => [tag, simpleValue]),
    [
      ['loss', 3.5],
      ['time/ring', 0],
    ],
  );
  assert.equal(Number(events[2]?.step), 4_000_000_000);
});

test('the file of a resumed run begins with the step from which readers drop earlier events', async () => {
  const writer = await EventWriter.open(join(folder, 'resumed'), { from: 601 });
  await writer.scalars(601, { loss: 1 });
  await writer.close();
  const events = readRecords(await readFile(writer.path)).map((data) => brine.tensorboard.Event.decode(data));
  assert.deepEqual(
    events.map(({ step, sessionLog }) => [step, sessionLog?.status]),
    [
      [0, undefined],
      [601, brine.tensorboard.SessionLog.SessionStatus.START],
      [601, undefined],
    ],
  );
});

test('two writers in one folder use different files', async () => {
  const first = await EventWriter.open(folder);
  const second = await EventWriter.open(folder);
  assert.notEqual(first.path, second.path);
  await first.close();
  await second.close();
});

function readRecords(bytes: Buffer): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    const data = bytes.subarray(at + 12, at + 12 + length);
    assert.equal(bytes.readUInt32LE(at + 8), maskedCrc(bytes.subarray(at, at + 8)));
    assert.equal(bytes.readUInt32LE(at + 12 + length), maskedCrc(data));
    records.push(data);
    at += 16 + length;
  }
  return records;
}
