import { Random } from '../../../src/base/random.ts';
import type { RoleId } from '../../../src/control/messages.ts';
import type { Phase, Plan } from '../../../src/student/training/plan.ts';
import type { NetworkSettings } from './network.ts';

export type FaultKind = 'kill' | 'stop' | 'isolate' | 'fullDisk' | 'drain' | 'attach';

/** A fault, at a moment of virtual time. Its victim is drawn when it happens. */
export interface Fault {
  readonly atMs: number;
  readonly kind: FaultKind;
  /** How long it lasts, for those that end. */
  readonly forMs: number;
}

/** One simulated run, as drawn from its seed. */
export interface Settings {
  readonly seed: number;
  readonly machines: number;
  readonly ranks: number;
  readonly leastRanks: number;
  readonly caches: number;
  readonly teachers: number;
  readonly plan: Plan;
  readonly batchRows: number;
  readonly checkpointEvery: number;
  readonly joinWithinMs: number;
  readonly returnWithinMs: number;
  /** roles.waitAtMost: silence of a neighbour, and wait for labels. */
  readonly deadlineMs: number;
  readonly coordinatorTimeoutMs: number;
  /** Usual time of a step's gradients, and of a batch of labels. */
  readonly computeMs: number;
  readonly network: NetworkSettings;
  readonly faults: readonly Fault[];
}

const MAX_FAULTS = 8;
/** Faults happen in this time, in which an undisturbed run of a few seconds has begun. */
const FAULTS_WITHIN_MS = 8_000;
const KINDS: readonly (readonly [FaultKind, number])[] = [
  ['kill', 10],
  ['stop', 6],
  ['isolate', 4],
  ['fullDisk', 1],
  ['drain', 1],
  ['attach', 2],
];

/** Draw a run. The same seed gives the same run. */
export function settingsOf(seed: number): Settings {
  const random = new Random(seed, 2);
  const between = (least: number, most: number) => least + random.integer(most - least + 1);
  const machines = between(1, 3);
  const ranks = machines * between(1, machines === 1 ? 4 : 2);
  const distils = random.integer(4) > 0;
  return {
    seed,
    machines,
    ranks,
    leastRanks: random.integer(2) === 0 ? ranks : between(1, ranks),
    caches: distils ? between(1, 2) : 0,
    teachers: distils ? between(1, 2) : 0,
    plan: planOf(distils, random),
    batchRows: ranks * between(1, 2),
    checkpointEvery: between(2, 8),
    joinWithinMs: between(8, 20) * 1000,
    returnWithinMs: between(1, 30) * 100,
    deadlineMs: between(3, 20) * 1000,
    coordinatorTimeoutMs: between(5, 60) * 1000,
    computeMs: between(5, 150),
    network: { delayMs: 0.1 + 3 * random.float(), tailMs: [0, 20, 200, 900][random.integer(4)]! },
    faults: Array.from({ length: random.integer(MAX_FAULTS + 1) }, () => faultOf(random)),
  };
}

function planOf(distils: boolean, random: Random): Plan {
  const plain: Phase = { kind: 'plain', steps: 4 + random.integer(16) };
  if (!distils) return [plain];
  const steps = 4 + random.integer(12);
  return [
    { kind: 'distil', steps, rows: 'all', weight: 0.6, fade: random.integer(2) === 0 ? 'none' : 'linear' },
    plain,
  ];
}

function faultOf(random: Random): Fault {
  const total = KINDS.reduce((sum, [, weight]) => sum + weight, 0);
  let at = random.integer(total);
  const kind = KINDS.find(([, weight]) => (at -= weight) < 0)![0];
  const atMs = FAULTS_WITHIN_MS * random.float();
  return { atMs, kind, forMs: 50 * 200 ** random.float() };
}

/** The machine of a role. */
export function machineOf({ machines, ranks }: Settings, { role, rank }: RoleId): number {
  if (role === 'student') return Math.floor((rank * machines) / ranks);
  if (role === 'teacher') return rank % machines;
  return role === 'node' ? rank : 0;
}

/** The processes of a run, without node agents. */
export function rolesOf({ caches, teachers, ranks }: Settings): RoleId[] {
  const some = (role: RoleId['role'], count: number) =>
    Array.from({ length: count }, (_, rank): RoleId => ({ role, rank }));
  return [...some('cache', caches), ...some('teacher', teachers), ...some('student', ranks)];
}
