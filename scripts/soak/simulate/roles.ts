import { BrineError } from '../../../src/base/errors.ts';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { endpointsOf } from '../../../src/control/control-client.ts';
import { NO_FIGURES } from '../../../src/control/figures.ts';
import type { RoleId } from '../../../src/control/messages.ts';
import { connectLabels } from '../../../src/labels/client/client.ts';
import { connectLeases, type LeaseClient } from '../../../src/labels/client/leases.ts';
import { openLabelServer, type LabelServer } from '../../../src/labels/server/server.ts';
import type { RoleSpec } from '../../../src/launch/processes/roles.ts';
import { openRingInbox } from '../../../src/ring/place.ts';
import { labelDemand } from '../../../src/student/training/plan.ts';
import { StudentTrainer } from '../../../src/student/training/trainer.ts';
import { runTeacher } from '../../../src/teacher/worker.ts';
import type { Inbox } from '../../../src/transport/transport.ts';
import {
  participate,
  unlessCancelled,
  finishedSignal,
  type Participation,
} from '../../../src/worker/participation.ts';
import { ended } from '../../../src/worker/role-main.ts';
import { RankMembership } from '../../../src/worker/student/rank-membership.ts';
import { StateServer } from '../../../src/worker/student/state-transfer.ts';
import type { SimulatedProcess } from './processes.ts';
import {
  dataOrderOf,
  hostOfStudent,
  hostOfTeacher,
  IDENTITY,
  POSITIONS,
  StudentStandIn,
  TARGET_WIDTH,
  TOKENS,
} from './stand-ins.ts';
import type { Surroundings } from './surroundings.ts';

export const RUN = 'simulated';
export const HEAD = 'memory://head';
const ANYWHERE = 'memory://*';
const LEASE_ROWS = 4;

/** The main function of a role's process. */
export function roleOf(
  world: Surroundings,
  { id, command }: RoleSpec,
): (process: SimulatedProcess) => Promise<void> {
  const at = command.indexOf('--endpoint');
  const role = { world, id, endpoint: at < 0 ? undefined : command[at + 1] };
  const work = { student, teacher, cache }[id.role as 'student' | 'teacher' | 'cache'];
  return (process) => inScope(process, (scope) => work({ ...role, process, scope }));
}

/** A teacher that belongs to no run: it labels for the caches until they end. */
export function attachedTeacher(world: Surroundings, endpoints: readonly string[]) {
  return (process: SimulatedProcess) =>
    inScope(process, async (scope) => {
      const leases = await connectLeases({
        transport: process.transport,
        endpoints,
        identity: IDENTITY,
        joinMs: 5000,
        returnMs: 5000,
      });
      scope.use(leases);
      await draw(world, leases, process.term.signal);
    });
}

interface Role {
  readonly world: Surroundings;
  readonly id: RoleId;
  /** Endpoint of the lost server that this one replaces. */
  readonly endpoint: string | undefined;
  readonly process: SimulatedProcess;
  readonly scope: Scope;
}

function inScope(process: SimulatedProcess, work: (scope: Scope) => Promise<void>): Promise<void> {
  return scoped(async (scope) => {
    scope.defer(() => process.transport.close());
    await work(scope);
  });
}

function taking(part: Role, work: Pick<Participation, 'open' | 'run'>): Promise<void> {
  const { world, id, process, scope } = part;
  const { joinWithinMs, coordinatorTimeoutMs } = world.settings;
  return participate({
    self: { transport: process.transport, coordinator: HEAD, id, run: RUN, process: nameOfProcess(process) },
    scope,
    joinWithinMs,
    coordinatorTimeoutMs,
    signal: process.term.signal,
    orphaned: process.orphaned.promise,
    vanish: () => world.processes.kill(process),
    log: { info: () => undefined, error: () => undefined },
    ...work,
  });
}

export function nameOfProcess({ pid, began }: SimulatedProcess) {
  return { pid, began };
}

async function cache(role: Role): Promise<void> {
  const { world, id, process, scope, endpoint = ANYWHERE } = role;
  const { caches, plan, batchRows } = world.settings;
  let server!: LabelServer;
  await taking(role, {
    async open() {
      const store = scope.use(world.disks.labels(id.rank));
      server = await openLabelServer({
        transport: process.transport,
        endpoint,
        store,
        identity: IDENTITY,
        tokens: TOKENS,
        demand: labelDemand(dataOrderOf(plan, batchRows)),
        partition: id.rank,
        partitions: caches,
        leaseMs: 4000,
        aliveMs: 3000,
      });
      scope.use(server);
      return { endpoint: server.endpoint };
    },
    async run({ link, peers, signal }) {
      world.cacheEndpoints = endpointsOf(peers, 'cache');
      server.announce(world.cacheEndpoints);
      await Promise.race([ended(link, signal), server.failed]);
      if (process.term.signal.aborted && !link.signal.aborted) await server.leave();
      return NO_FIGURES;
    },
  });
}

async function teacher(role: Role): Promise<void> {
  const { world, process, scope } = role;
  await taking(role, {
    open: async () => ({ endpoint: '' }),
    async run({ link, peers, signal }) {
      const present = AbortSignal.any([finishedSignal(link), signal]);
      const endpoints = endpointsOf(peers, 'cache');
      const { joinWithinMs } = world.settings;
      const joining = { endpoints, identity: IDENTITY, signal: present, joinMs: joinWithinMs };
      const connecting = connectLeases({ transport: process.transport, ...joining, aliveMs: 1000 });
      const leases = await unlessCancelled(connecting, present);
      if (leases) await draw(world, scope.use(leases), present);
      return NO_FIGURES;
    },
  });
}

/** Label rows, and record what the cache has acknowledged. */
async function draw(world: Surroundings, leases: LeaseClient, signal: AbortSignal): Promise<void> {
  const watched: LeaseClient = {
    ...withMethods(leases),
    deliver: async (part, records) => {
      await leases.deliver(part, records);
      part.rows.forEach((row, i) => world.checks.acknowledged(part.partition, row, records[i]!));
    },
  };
  const hosts = [hostOfTeacher(() => world.thinks())];
  await runTeacher({ leases: watched, hosts, leaseRows: LEASE_ROWS, batchRows: 2, signal });
}

function withMethods(leases: LeaseClient): LeaseClient {
  const { vocabulary, positions } = leases;
  return {
    vocabulary,
    positions,
    next: (most) => leases.next(most),
    deliver: (...delivery) => leases.deliver(...delivery),
    giveBack: (lease) => leases.giveBack(lease),
    close: () => leases.close(),
  };
}

async function student(role: Role): Promise<void> {
  const { world, process, scope } = role;
  const { transport } = process;
  const { ranks } = world.settings;
  let inbox!: Inbox;
  let states!: StateServer;
  await taking(role, {
    async open() {
      inbox = await openRingInbox(transport, ANYWHERE, { size: ranks });
      states = scope.use(await StateServer.open(transport, ANYWHERE));
      return { endpoint: inbox.endpoint, state: states.endpoint, saved: world.disks.checkpoint };
    },
    async run(gathering) {
      const { plan, batchRows, deadlineMs, joinWithinMs, caches } = world.settings;
      const { link, signal } = gathering;
      const { rank } = role.id;
      const program = new StudentStandIn(() => world.thinks());
      const host = scope.use(hostOfStudent(program));
      const endpoints = endpointsOf(gathering.peers, 'cache');
      const finished = finishedSignal(link);
      const present = AbortSignal.any([finished, signal]);
      const joining = { transport, signal: present, joinMs: joinWithinMs, deadlineMs, returnMs: deadlineMs };
      const connecting =
        caches > 0
          ? connectLabels({ ...joining, endpoints, identity: IDENTITY, tokens: TOKENS })
          : Promise.resolve(undefined);
      const labels = await unlessCancelled(connecting, finished);
      if (finished.aborted) return NO_FIGURES;
      if (labels) scope.use(labels);
      const membership: RankMembership = new RankMembership({
        transport,
        link,
        run: RUN,
        rank,
        ranks,
        inbox,
        generation: gathering.generation,
        address: ANYWHERE,
        reachable: (endpoint) => endpoint,
        stateEndpoint: states.endpoint,
        states,
        deadlineMs,
        joinWithinMs,
        signal,
        wire: 'float32',
        copyState: () => program.state(),
        adopt: (state) => program.adopt({ state }),
        sharded: false,
        saved: async () => world.disks.checkpoint,
        load: () => program.adopt({ state: world.disks.checkpoint!.parameters }),
        results: async () => NO_FIGURES,
      });
      const beginning = await membership.begin(gathering);
      if (!beginning) return NO_FIGURES;
      const { from, place, joined } = beginning;
      const { stopped } = await new StudentTrainer({
        host,
        shape: { rows: batchRows / ranks, positions: POSITIONS, targetWidths: [1, TARGET_WIDTH] },
        ring: membership,
        membership,
        place,
        dataOrder: dataOrderOf(plan, batchRows),
        tokens: TOKENS,
        labels,
        learningRate: () => 1,
        from,
        joined,
        observe: (event) => {
          if (event.event === 'step') world.checks.trained(process, event, program.parameters);
        },
        signal,
      }).train();
      if (stopped)
        throw new BrineError('CANCELLED', `${process.name} has stopped after a common step`, { hint: '' });
      world.checks.finished(process, program.parameters);
      return NO_FIGURES;
    },
  });
}
