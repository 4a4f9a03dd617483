/** Several engines of one teacher work through leases together. */
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

/** A teacher's engine in this thread that says when a batch begins, before it labels it, and may report that it is slow. */
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

/** Everyone who arrives waits until `count` have arrived. */
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

test('two engines work at the same time; every row is labelled once, with the bytes of one engine', () =>
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

test('an abort delivers the leases in work and hands back the one asked ahead at once', () =>
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
    // The first teacher has not left: what it held ahead is free for another one all the same.
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

test('rows are delivered batch by batch: a student has the first ones while the lease is still being labelled', () =>
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
      // The first lease, one batch, told the throughput; this is the second batch of a later, longer lease.
      const before = store.count();
      await student.fetch(Array.from({ length: before }, (_, row) => row));
      assert.ok(before >= 8 && before % 2 === 0, `${before} rows are there`);
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
    assert.equal(figures.rows, 12, 'the signal ends the work after the batch that is being labelled');
    assert.equal(store.count(), 12);
    // What was left of the lease is free for another teacher, although the first one has not left.
    const others = scope.use(await connectLeases({ transport, endpoints: [endpoint], identity }));
    const lease = await others.next(24);
    assert.deepEqual(
      lease?.rows.toSorted((a, b) => a - b),
      Array.from({ length: 12 }, (_, i) => 12 + i),
    );
  }));

test('when one engine fails the other delivers what it has in work, and the error is the engine’s', () =>
  scoped(async (scope) => {
    const { transport, identity, endpoint, store } = await pool(scope, SAMPLED);
    const meet = meeting(2);
    const hosts = [await engine(scope, meet), await engine(scope, meet, { vocabulary: 2 })];
    const leases = scope.use(await connectLeases({ transport, endpoints: [endpoint], identity }));
    await assert.rejects(runTeacher({ leases, hosts, leaseRows: 4 }), { code: 'BAD_ARGUMENT' });
    assert.equal(store.count(), 4);
    await assert.rejects(runTeacher({ leases, hosts: [], leaseRows: 4 }), { code: 'BAD_ARGUMENT' });
  }));
