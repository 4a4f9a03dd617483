/** Several engines of one teacher share its leases. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoped, type Scope } from '../../src/base/scope.ts';
import { hostInline } from '../../src/engine/host.ts';
import { connectLabels } from '../../src/labels/client/client.ts';
import { connectLeases } from '../../src/labels/client/leases.ts';
import {
  create,
  type LabelRequest,
  type TeacherInit,
  type TeacherProgram,
} from '../../src/teacher/program.ts';
import { runTeacher } from '../../src/teacher/worker.ts';
import { initOf, pool, records, SAMPLED, SHAPE, TOKENS } from './fixtures.ts';

/** An in-thread teacher engine that reports the start of each batch and can pretend to be slow. */
async function engine(
  scope: Scope,
  begins: () => Promise<void> | void,
  { msPerRow = 0, ...init }: Partial<TeacherInit> & { msPerRow?: number } = {},
) {
  const program = await create({ ...initOf(SAMPLED), ...init });
  const label = async (request: LabelRequest) => {
    await begins();
    const reply = await program.label(request);
    return { ...reply, graphMs: reply.graphMs + msPerRow * request.rows.length };
  };
  return scope.use(hostInline<TeacherProgram>({ label, close: () => program.close() }));
}

/** A barrier: each caller waits until `count` callers have arrived. */
function meeting(count: number): () => Promise<void> {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived === count) open();
    return opened;
  };
}

test('two engines work concurrently, and every row is labelled once with the same bytes as by one engine', () =>
  scoped(async (scope) => {
    const { transport, identity, endpoint, store, server } = await pool(scope, SAMPLED);
    const meet = meeting(2);
    const hosts = [await engine(scope, meet), await engine(scope, meet)];
    const leases = scope.use(await connectLeases({ transport, endpoints: [endpoint], identity }));
    const own: number[] = [];
    const work = runTeacher({
      leases,
      hosts,
      leaseRows: 4,
      observe: (progress, lease) => {
        own.push(lease.rows);
        if (progress.rows === TOKENS.rows) void server.close();
      },
    });
    const figures = await work;
    assert.deepEqual(own, Array(6).fill(4));
    assert.equal(figures.rows, TOKENS.rows);
    assert.equal(figures.tokens, TOKENS.rows * SHAPE.positions);
    assert.ok(figures.tokensPerSecond > figures.tokens / ((figures.graphMs + figures.encodeMs) / 1000));
    const rows = Array.from({ length: TOKENS.rows }, (_, row) => row);
    const fresh = await records(SAMPLED, rows, 4);
    rows.forEach((row) => assert.deepEqual(new Uint8Array(store.get(row)!), fresh[row]));
  }));

test('an abort delivers the current leases and returns the prefetched one at once', () =>
  scoped(async (scope) => {
    const { transport, identity, endpoint, store } = await pool(scope, SAMPLED);
    const stop = new AbortController();
    const meet = meeting(2);
    const begins = async () => {
      await meet();
      stop.abort();
    };
    const hosts = [await engine(scope, begins), await engine(scope, begins)];
    const leases = scope.use(await connectLeases({ transport, endpoints: [endpoint], identity }));
    const figures = await runTeacher({ leases, hosts, leaseRows: 4, signal: stop.signal });
    assert.equal(figures.rows, 8);
    assert.equal(store.count(), 8);
    // The first teacher is still connected, but its prefetched lease is free for another teacher.
    const others = scope.use(await connectLeases({ transport, endpoints: [endpoint], identity }));
    const rest = new AbortController();
    const host = await engine(scope, () => undefined);
    await runTeacher({
      leases: others,
      hosts: [host],
      leaseRows: 4,
      signal: rest.signal,
      observe: ({ rows }) => rows === 16 && rest.abort(),
    });
    assert.equal(store.count(), TOKENS.rows);
  }));

test('rows are delivered batch by batch: a student receives the first ones before the whole lease is labelled', () =>
  scoped(async (scope) => {
    const { transport, identity, endpoint, store } = await pool(scope, SAMPLED);
    const student = scope.use(
      await connectLabels({ transport, endpoints: [endpoint], identity, tokens: TOKENS }),
    );
    const stop = new AbortController();
    let calls = 0;
    const begins = async () => {
      calls += 1;
      if (calls < 6) return;
      // The first lease, one batch, measured the throughput; this is the second batch of a later,
      // longer lease.
      const before = store.count();
      await student.fetch(Array.from({ length: before }, (_, row) => row));
      assert.ok(before >= 8 && before % 2 === 0, `${before} rows are stored`);
      stop.abort();
    };
    const host = await engine(scope, begins, { msPerRow: 125 });
    const leases = scope.use(await connectLeases({ transport, endpoints: [endpoint], identity }));
    const figures = await runTeacher({
      leases,
      hosts: [host],
      leaseRows: 16,
      batchRows: 2,
      signal: stop.signal,
    });
    assert.equal(figures.rows, 12, 'the signal stops the teacher after the current batch');
    assert.equal(store.count(), 12);
    // The rest of the lease is free for another teacher, although the first one is still connected.
    const others = scope.use(await connectLeases({ transport, endpoints: [endpoint], identity }));
    const lease = await others.next(24);
    assert.deepEqual(
      lease?.rows.toSorted((a, b) => a - b),
      Array.from({ length: 12 }, (_, i) => 12 + i),
    );
  }));

test('when one engine fails, the other delivers its current lease, and the error of the engine is thrown', () =>
  scoped(async (scope) => {
    const { transport, identity, endpoint, store } = await pool(scope, SAMPLED);
    const meet = meeting(2);
    const hosts = [await engine(scope, meet), await engine(scope, meet, { vocabulary: 2 })];
    const leases = scope.use(await connectLeases({ transport, endpoints: [endpoint], identity }));
    await assert.rejects(runTeacher({ leases, hosts, leaseRows: 4 }), { code: 'BAD_ARGUMENT' });
    assert.equal(store.count(), 4);
    await assert.rejects(runTeacher({ leases, hosts: [], leaseRows: 4 }), { code: 'BAD_ARGUMENT' });
  }));
