/** Frame size limits: each socket of a run accepts the largest frames that its protocol can produce. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BrineError } from '../../src/base/errors.ts';
import {
  CHUNK_BYTES as MODEL_CHUNK_BYTES,
  encodeFromPeer,
  encodeToPeer,
  HEADER_FRAME_BYTES,
  LABEL_FRAME_BYTES,
  MAX_FILES,
  MAX_ROWS,
} from '../../src/labels/protocol/messages.ts';
import { checkRecordFrame, checkRecordSize, minRecordBytes } from '../../src/labels/protocol/record-size.ts';
import { CHUNK_BYTES, connectionOptions } from '../../src/ring/place.ts';
import { openWire, WIRES } from '../../src/ring/wire.ts';
import { CONTROL_FRAME_BYTES, type Figures } from '../../src/control/messages.ts';
import { encodeFromRole, encodeToRole } from '../../src/control/message-codec.ts';
import {
  cacheFigures,
  LONGEST_TROUBLE,
  studentFigures,
  teacherFigures,
  withTrouble,
} from '../../src/control/snapshot.ts';
import { STATE_CHUNK_BYTES, STATE_HEADER_BYTES } from '../../src/worker/student/state-transfer.ts';
import { CURVE_FRAME_BYTES } from '../../src/transport/zmq-curve.ts';
import { MAX_FRAME_BYTES, MIN_FRAME_BYTES } from '../../src/transport/limits.ts';
import { brine } from '../../src/wire/generated/control.js';
import { encodeRingChunk, encodeRingHello } from '../../src/wire/ring.ts';
import { IDENTITY } from '../labels/fixtures.ts';

/** Maximum number of processes of each role (recipe-schema.ts) and of machines. */
const MOST = { students: 1024, teachers: 1024, caches: 256, nodes: 1024 };
const MAX_TOKENS = 65_536;
const LAST = 0xffffffff;
const run = 'r'.repeat(200);
const hash = 'f'.repeat(64);
/** An endpoint with the longest host name that DNS allows. */
const endpoint = `tcp://${'h'.repeat(253)}:65535`;
/** An error of maximum length in which every character is escaped. */
const error = new BrineError('INTERNAL', '\u0001'.repeat(8192), { hint: '\u0001'.repeat(8192) });
const rows = Array.from({ length: MAX_ROWS }, (_, i) => LAST - i);
const figure = 0.1234567890123;
const inTrouble = (figures: Figures) => withTrouble(figures, '€'.repeat(LONGEST_TROUBLE + 9));

const names = (role: 'student' | 'teacher' | 'cache' | 'node', count: number) =>
  Array.from({ length: count }, (_, rank) => ({ role, rank, endpoint }));
const peers = [
  ...names('student', MOST.students),
  ...names('teacher', MOST.teachers),
  ...names('cache', MOST.caches),
  ...names('node', MOST.nodes),
];

const student = studentFigures({
  step: LAST,
  steps: LAST,
  phase: 'p'.repeat(64),
  loss: figure,
  labelLoss: figure,
  teacherLoss: figure,
  teacherKl: figure,
  teacherShare: figure,
  gradientNormLabel: figure,
  gradientNormTeacher: figure,
  gradientAngle: figure,
  teacherParts: LAST,
  teacherPartsLeft: LAST,
  teacherLeftStep: LAST,
  validationLoss: figure,
  validationStep: LAST,
  tokensPerSecond: figure,
  ringShare: figure,
  waitShare: figure,
  secondsLeft: figure,
  secondsElapsed: figure,
  plainRows: LAST,
});
const reports = peers.map(({ role, rank }) => ({
  name: `${role}-${rank}`,
  ...inTrouble(
    {
      student,
      teacher: teacherFigures({ tokensPerSecond: figure, busySeconds: figure, rows: LAST }),
      cache: cacheFigures({
        endpoint,
        identity: hash,
        stored: LAST,
        rowsAhead: LAST,
        teachersAlive: LAST,
        tokensPerSecond: figure,
        hits: LAST,
        misses: LAST,
      }),
      node: { numbers: {}, words: {} },
    }[role],
  ),
}));

const saved = { step: LAST, hash };
const awaitingRendezvous = {
  kind: 'awaitingRendezvous',
  generation: LAST,
  step: LAST,
  evaluated: true,
  summed: true,
  blank: true,
  endpoint,
  why: error.message,
  saved,
} as const;
const joinState = { again: true, returns: true, saved, awaitingRendezvous, done: student };
const id = { role: 'student', rank: LAST } as const;

interface Row {
  readonly socket: string;
  readonly limit: number;
  readonly frames: Readonly<Record<string, Uint8Array | number>>;
}

const header = { run, generation: LAST, step: LAST, call: LAST, bucket: LAST, hop: LAST, chunk: LAST };

const TABLE: readonly Row[] = [
  ...[2, 3, 4, 5, 6, 7, 8].map((size) => ({
    socket: `the connection of ${size} ranks`,
    limit: connectionOptions(size).maxFrameBytes,
    frames: {
      greeting: encodeRingHello({ run, generation: LAST, rank: 7, size, chunkBytes: LAST, wire: 'float32' }),
      header: encodeRingChunk({ ...header, sum: LAST, bytes: LAST, mix: LAST }),
      // All collectives, including those of overlap and shardOptimizer, cut segments into the same
      // chunks.
      ...Object.fromEntries(
        WIRES.map((wire) => [`chunk in ${wire}`, openWire(wire).bytesOf(CHUNK_BYTES / 4)]),
      ),
    },
  })),
  {
    socket: 'the connection with the smallest chunks',
    limit: connectionOptions(2, 4).maxFrameBytes,
    frames: Object.fromEntries(WIRES.map((wire) => [wire, openWire(wire).bytesOf(1)])),
  },
  {
    socket: 'the label cache, first frames',
    limit: HEADER_FRAME_BYTES,
    frames: {
      hello: encodeFromPeer({ kind: 'hello', role: 'observer', identity: IDENTITY }),
      deliver: encodeFromPeer({ kind: 'deliver', delivery: 2 ** 32 - 1, lease: 2 ** 52, rows }),
      fetch: encodeFromPeer({ kind: 'fetch', request: LAST, rows }),
      askChunk: encodeFromPeer({
        kind: 'askChunk',
        request: LAST,
        name: 'n'.repeat(255),
        offset: 2 ** 52,
        length: LAST,
      }),
      lease: encodeToPeer({ kind: 'lease', lease: 2 ** 52, rows, milliseconds: LAST }),
      records: encodeToPeer({ kind: 'records', request: LAST, rows }),
      missing: encodeToPeer({ kind: 'missing', request: LAST, rows }),
      failed: encodeToPeer({ kind: 'failed', number: 2 ** 52, error }),
      refused: encodeToPeer({ kind: 'refused', error }),
      welcome: encodeToPeer({
        kind: 'welcome',
        identity: IDENTITY,
        replay: true,
        vocabulary: LAST,
        positions: LAST,
        partition: MOST.caches,
        partitions: MOST.caches,
        endpoints: names('cache', MOST.caches).map(({ endpoint: at }) => at),
      }),
      model: encodeToPeer({
        kind: 'model',
        files: Array.from({ length: MAX_FILES }, () => ({
          name: 'n'.repeat(255),
          size: 2 ** 52,
          sha256: hash,
        })),
      }),
    },
  },
  {
    socket: 'the label cache, further frames',
    limit: LABEL_FRAME_BYTES,
    frames: {
      header: HEADER_FRAME_BYTES,
      'ids of a leased row': 4 * MAX_TOKENS,
      'chunk of a model file': MODEL_CHUNK_BYTES,
      // checkRecordSize and checkRecordFrame limit records; see the tests below.
    },
  },
  {
    socket: 'the coordinator',
    limit: CONTROL_FRAME_BYTES,
    frames: {
      hello: encodeFromRole({
        kind: 'hello',
        id,
        run: hash,
        endpoint,
        state: endpoint,
        pid: LAST,
        began: '9'.repeat(20),
        ...joinState,
      }),
      progress: encodeFromRole({ kind: 'progress', figures: inTrouble(student) }),
      failed: encodeFromRole({ kind: 'failed', error, id, run: hash }),
      awaitingRendezvous: encodeFromRole(awaitingRendezvous),
      start: encodeToRole({
        kind: 'start',
        peers,
        generation: LAST,
        students: Array.from({ length: MOST.students }, (_, i) => i),
        agreement: { step: LAST, evaluated: true, donor: endpoint, newcomers: MOST.students, saved: hash },
      }),
      stop: encodeToRole({ kind: 'stop', reason: `${error.message} ${error.hint}`, finished: false }),
      status: encodeToRole({
        kind: 'status',
        generation: LAST,
        state: 'rendezvous',
        ranks: MOST.students,
        reports,
        missing: peers.map(({ role, rank }) => `${role}-${rank}`),
      }),
    },
  },
  {
    socket: 'the state of a rank',
    limit: STATE_CHUNK_BYTES,
    frames: {
      chunk: STATE_CHUNK_BYTES,
      ask: brine.control.StateAsk.encode({ run: hash, generation: LAST, step: LAST }).finish(),
    },
  },
  {
    socket: 'the state of a rank, headers',
    limit: STATE_HEADER_BYTES,
    frames: {
      header: brine.control.StatePart.encode({
        array: LAST,
        arrays: LAST,
        part: LAST,
        elements: LAST,
        crc: LAST,
        refused: 'this is the state of step 4294967295 of the run ffffffffffff',
      }).finish(),
    },
  },
];

describe('a socket accepts the largest frame of its protocol', () => {
  for (const { socket, limit, frames } of TABLE) {
    test(socket, () => {
      for (const [what, frame] of Object.entries(frames)) {
        const bytes = typeof frame === 'number' ? frame : frame.byteLength;
        assert.ok(bytes <= limit, `${what}: ${bytes} bytes are over the limit of ${limit}`);
      }
    });
  }

  test('the transport reserves room for the overhead of encryption', () => {
    assert.equal(CURVE_FRAME_BYTES, 'MESSAGE'.length + 1 + 8 + 16 + 1);
    for (const { limit } of TABLE) assert.ok(limit >= MIN_FRAME_BYTES && limit <= MAX_FRAME_BYTES);
  });
});

test('labels that exceed the frame size are refused before any is drawn', () => {
  const refused = {
    code: 'CONFIG_INVALID',
    message: /dense labels of a row of 4097 tokens .* 32000 .*67108864/,
    hint: /data\.row/,
  };
  const tokens = { rowLength: 4097, vocabularySize: 32_000 };
  const dense = { kind: 'dense', temperature: 1 } as const;
  assert.throws(() => checkRecordSize({ identity: { rule: dense }, tokens }), refused);
  checkRecordSize({ identity: { rule: dense }, tokens: { rowLength: 257, vocabularySize: 4096 } });
  for (const draws of [1, 50, 65_535]) {
    const rule = { kind: 'sampled', draws, temperature: 1, seed: 1 } as const;
    checkRecordSize({ identity: { rule }, tokens: { rowLength: MAX_TOKENS, vocabularySize: 2 ** 24 } });
  }
  const topk = { kind: 'topk', k: 65_535, temperature: 1 } as const;
  assert.ok(minRecordBytes(topk, { positions: 65_535, vocabulary: 151_936 }) > LABEL_FRAME_BYTES);
  assert.ok(minRecordBytes({ ...topk, k: 50 }, { positions: 65_535, vocabulary: 151_936 }) < 2 ** 20);
});

test('a drawn record that exceeds the frame size causes an error with its row and the keys that reduce it', () => {
  checkRecordFrame(7, new Uint8Array(LABEL_FRAME_BYTES));
  assert.throws(() => checkRecordFrame(7, { byteLength: LABEL_FRAME_BYTES + 1 } as Uint8Array), {
    code: 'FRAME_TOO_LARGE',
    message: /row 7 has 67108865 bytes/,
    hint: /labels\.draws, labels\.k.*data\.row/,
  });
});
