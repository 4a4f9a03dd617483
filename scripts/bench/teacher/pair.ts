/**
 * Compares two engines of one teacher with one, through leases of an in-memory cache: wall time,
 * one thread each.
 */
import { entryPoint } from '../../../src/base/entry-points.ts';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { hostThread, type ProgramHost } from '../../../src/engine/host.ts';
import { connectLeases } from '../../../src/labels/client/leases.ts';
import { memoryStore } from '../../../src/labels/store/memory.ts';
import { openLabelServer } from '../../../src/labels/server/server.ts';
import type { TeacherInit, TeacherProgram } from '../../../src/teacher/program.ts';
import { runTeacher } from '../../../src/teacher/worker.ts';
import { memoryNetwork, memoryTransport } from '../../../src/transport/memory.ts';
import { median } from '../figures.ts';

export interface PairOptions {
  readonly init: TeacherInit;
  /** T + 1 ids each; row r of the cache is one of them. */
  readonly tokens: readonly Uint32Array[];
  /** Rows of one lease. */
  readonly leaseRows: number;
  /** Rows of one round, an even number. */
  readonly leases: number;
  readonly rounds: number;
}

/** Speedup of two engines over one: the median over rounds that alternate between them. */
export async function twoOverOne(options: PairOptions, scope: Scope): Promise<number> {
  const program = entryPoint('teacher-program');
  const hosts: ProgramHost<TeacherProgram>[] = [];
  for (let i = 0; i < 2; i += 1) {
    hosts.push(scope.use(await hostThread<TeacherProgram>(program, options.init)));
  }
  const ratios: number[] = [];
  for (let round = -1; round < options.rounds; round += 1) {
    const one = await wallMs(hosts.slice(0, 1), options);
    const two = await wallMs(hosts, options);
    if (round >= 0) ratios.push(one / two); // the first round warms up
  }
  return median(ratios);
}

/** Milliseconds from the first lease to the last acknowledgement. */
function wallMs(
  hosts: readonly ProgramHost<TeacherProgram>[],
  { init, tokens, leaseRows, leases: count }: PairOptions,
): Promise<number> {
  return scoped(async (scope) => {
    const { identity, positions, vocabulary } = init;
    const transport = scope.use(memoryTransport(memoryNetwork()));
    const rows = leaseRows * count;
    const server = scope.use(
      await openLabelServer({
        transport,
        endpoint: 'memory://*',
        store: memoryStore(),
        identity,
        tokens: {
          rows,
          rowLength: positions + 1,
          vocabularySize: vocabulary,
          read: (row) => tokens[row % tokens.length]!,
        },
        demand: { length: rows, at: (index) => index },
        aheadRows: rows,
      }),
    );
    const leases = scope.use(await connectLeases({ transport, endpoints: [server.endpoint], identity }));
    const began = performance.now();
    let ended = began;
    await runTeacher({
      leases,
      hosts,
      leaseRows,
      observe: ({ rows: done }) => {
        if (done < rows) return;
        ended = performance.now();
        void server.close();
      },
    });
    return ended - began;
  });
}
