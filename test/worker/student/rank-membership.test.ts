/** A rank's membership where `test/laws/elastic.test.ts` does not reach. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrineError } from '../../../src/base/errors.ts';
import { scoped } from '../../../src/base/scope.ts';
import { joinRun } from '../../../src/control/control-client.ts';
import { NO_FIGURES } from '../../../src/control/figures.ts';
import { Coordinator } from '../../../src/coordinator/coordinator.ts';
import { openRingInbox } from '../../../src/ring/place.ts';
import { memoryNetwork, memoryTransport } from '../../../src/transport/memory.ts';
import { RankMembership } from '../../../src/worker/student/rank-membership.ts';
import { StateServer } from '../../../src/worker/student/state-transfer.ts';

test(
  'a rank that was stopped before it finished does not wait for the end of the run',
  { timeout: 10_000 },
  () =>
    scoped(async (scope) => {
      const transport = memoryTransport(memoryNetwork());
      scope.defer(() => transport.close());
      const expected = [
        { role: 'student', rank: 0 },
        { role: 'student', rank: 1 },
      ] as const;
      const run = { run: 'run-1', expected, joinWithinMs: 5_000, leastStudents: 1, generation: 1 };
      const coordinator = scope.use(
        await Coordinator.open({ transport, endpoint: 'memory://coordinator', ...run, joinWithinMs: 50 }),
      );
      coordinator.finished.catch(() => undefined); // the test closes it early
      const inbox = await openRingInbox(transport, 'memory://*', { size: 2 });
      const states = scope.use(await StateServer.open(transport, 'memory://*'));
      const gathering = await joinRun({
        transport,
        coordinator: coordinator.endpoint,
        id: { role: 'student', rank: 0 },
        run: 'run-1',
        endpoint: inbox.endpoint,
        state: states.endpoint,
        withinMs: 5_000,
      });
      scope.use(gathering.link);
      const stop = new AbortController();
      const membership = scope.use(
        new RankMembership({
          transport,
          link: gathering.link,
          run: 'run-1',
          rank: 0,
          ranks: 2,
          inbox,
          generation: gathering.generation,
          wire: 'float32',
          address: 'memory://*',
          states,
          stateEndpoint: states.endpoint,
          reachable: (endpoint) => endpoint,
          deadlineMs: 5_000,
          joinWithinMs: 5_000,
          signal: stop.signal,
          copyState: async () => [],
          adopt: async () => undefined,
          sharded: false,
          saved: async () => undefined,
          load: async () => undefined,
          results: async () => {
            await coordinator.close(); // so that the run does not end
            stop.abort(new BrineError('CANCELLED', 'the run was stopped', { hint: '' }));
            return NO_FIGURES;
          },
        }),
      );
      await membership.begin(gathering);
      await assert.rejects(membership.finish(), { code: 'CANCELLED' });
    }),
);
