/** An elastic run in one process: the real coordinator, memberships and training loops over the in-memory transport, with inline engines. */
import { join } from 'node:path';
import { BrineError } from '../../../src/base/errors.ts';
import { packageRoot } from '../../../src/base/files/files.ts';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { hostInline } from '../../../src/engine/host.ts';
import { readModelConfig } from '../../../src/model/index.ts';
import { openRingInbox } from '../../../src/ring/place.ts';
import { joinRun } from '../../../src/control/control-client.ts';
import { Coordinator } from '../../../src/coordinator/coordinator.ts';
import type { CoordinatorEvent } from '../../../src/control/coordinator-events.ts';
import { RankMembership } from '../../../src/worker/student/rank-membership.ts';
import { StateServer } from '../../../src/worker/student/state-transfer.ts';
import type { LabelSource } from '../../../src/student/training/batches.ts';
import type { StepEvent } from '../../../src/student/training/events.ts';
import type { Plan } from '../../../src/student/training/plan.ts';
import { create } from '../../../src/student/program/program.ts';
import { StudentTrainer } from '../../../src/student/training/trainer.ts';
import { memoryNetwork, memoryTransport } from '../../../src/transport/memory.ts';
import { dataOrderOf, POSITIONS, tokenRows } from '../../student/small-run.ts';
import type { StepReport } from '../../../src/report/elastic-steps.ts';

export interface ElasticOptions {
  readonly plan: Plan;
  readonly ranks: number;
  readonly leastRanks: number;
  readonly batchRows: number;
  readonly returnWithinMs?: number;
  readonly joinWithinMs?: number;
  /** The label source of each student. */
  readonly labels?: () => LabelSource;
  /** Whether lost students are restarted. */
  readonly replaces?: boolean;
  /** Called with every step that a student reports, before it continues. */
  readonly afterStep?: (run: ElasticRun, rank: number, event: StepEvent) => void;
  /** Called with every event of the coordinator. */
  readonly observe?: (run: ElasticRun, event: CoordinatorEvent) => void;
}

interface Student {
  readonly transport: ReturnType<typeof memoryTransport>;
  readonly ended: Promise<void>;
}

const DRAWS = 3;

export class ElasticRun {
  readonly steps: StepReport[] = [];
  /** Hash of the final parameters, by rank. */
  readonly hashes = new Map<number, string>();
  readonly events: CoordinatorEvent[] = [];
  /** Fetches of labels wait for this promise. */
  hold: Promise<unknown> = Promise.resolve();
  readonly #options: ElasticOptions;
  readonly #network = memoryNetwork();
  readonly #students = new Map<number, Student>();
  #coordinator!: Coordinator;

  private constructor(options: ElasticOptions) {
    this.#options = options;
  }

  /** Runs with these initial students. Rejects with the error that ends the run. */
  static async to(options: ElasticOptions, first: readonly number[]): Promise<ElasticRun> {
    const run = new ElasticRun(options);
    await scoped(async (scope) => {
      await run.#open(scope);
      scope.defer(() => run.#endAll());
      for (const rank of first) void run.start(rank);
      await run.#coordinator.finished;
      await Promise.all([...run.#students.values()].map(({ ended }) => ended));
    });
    return run;
  }

  /** Resolves when the student is ready to join a ring, or has ended. */
  start(rank: number): Promise<void> {
    const transport = memoryTransport(this.#network);
    let ready: () => void = () => undefined;
    const isReady = new Promise<void>((resolve) => (ready = resolve));
    const work = this.#student(rank, { transport, ready }).finally(ready);
    const ended = work.catch((error: unknown) => {
      if (this.#students.get(rank)?.transport !== transport) return; // it was killed
      const cause = error instanceof BrineError ? error.message : String(error);
      this.#coordinator.lost({ role: 'student', rank }, { how: cause, obeyed: false, hint: '' });
    });
    this.#students.set(rank, { transport, ended });
    return isReady;
  }

  /** Loses a student as by SIGKILL: all its connections end at once, and the launcher reports it. */
  kill(rank: number): void {
    const student = this.#students.get(rank);
    if (!student) return;
    this.#students.delete(rank);
    void student.transport.close();
    this.#coordinator.lost({ role: 'student', rank }, { how: 'was killed', obeyed: false, hint: '' });
  }

  async #open(scope: Scope): Promise<void> {
    const { ranks, leastRanks, joinWithinMs = 10_000, returnWithinMs = 300, replaces } = this.#options;
    this.#coordinator = scope.use(
      await Coordinator.open({
        transport: memoryTransport(this.#network),
        endpoint: 'memory://coordinator',
        run: 'elastic',
        expected: Array.from({ length: ranks }, (_, rank) => ({ role: 'student', rank })),
        leastStudents: leastRanks,
        joinWithinMs,
        returnWithinMs,
        generation: 1,
        mostBreaks: 10,
        restarts: replaces ? Infinity : 0,
        replace: ({ rank }) => void this.start(rank),
        kill: ({ rank }) => this.kill(rank),
        observe: (event) => {
          this.events.push(event);
          this.#options.observe?.(this, event);
        },
      }),
    );
  }

  async #endAll(): Promise<void> {
    const all = [...this.#students.values()];
    this.#students.clear();
    await Promise.all(all.map(({ transport }) => transport.close()));
  }

  /** Labels, delayed until they are released. */
  #held(source: LabelSource | undefined): LabelSource | undefined {
    return source && { ...source, fetch: (rows) => this.hold.then(() => source.fetch(rows)) };
  }

  #student(
    rank: number,
    { transport, ready }: { transport: Student['transport']; ready: () => void },
  ): Promise<void> {
    return scoped(async (scope) => {
      const { ranks, plan, batchRows, joinWithinMs = 10_000, labels, afterStep } = this.#options;
      const inbox = await openRingInbox(transport, 'memory://*', { size: ranks });
      const states = scope.use(await StateServer.open(transport, 'memory://*'));
      const gathering = await joinRun({
        transport,
        coordinator: this.#coordinator.endpoint,
        id: { role: 'student', rank },
        run: 'elastic',
        endpoint: inbox.endpoint,
        state: states.endpoint,
        withinMs: joinWithinMs,
      });
      const link = scope.use(gathering.link);
      const init = await initOf(batchRows / ranks);
      const program = await create(init);
      const host = scope.use(hostInline(program));
      const hash = () => program.parameterHash();
      const membership = scope.use(
        new RankMembership({
          transport,
          link,
          run: 'elastic',
          rank,
          ranks,
          inbox,
          generation: gathering.generation,
          address: 'memory://*',
          reachable: (endpoint) => endpoint,
          stateEndpoint: states.endpoint,
          states,
          deadlineMs: 20_000,
          joinWithinMs,
          signal: link.signal,
          wire: 'float32',
          copyState: () => program.state(),
          adopt: (state) => program.adopt({ state }),
          sharded: false,
          saved: () => Promise.resolve(undefined),
          load: () => Promise.resolve(),
          results: async () => ({ numbers: {}, words: { parameters: await hash() } }),
        }),
      );
      ready();
      const beginning = await membership.begin(gathering);
      if (beginning) {
        const { from, place, joined } = beginning;
        const trainer = new StudentTrainer({
          host,
          shape: init,
          ring: membership,
          membership,
          place,
          dataOrder: dataOrderOf(plan, batchRows),
          tokens: tokenRows(40),
          labels: this.#held(labels?.()),
          learningRate: () => 5e-3,
          from,
          joined,
          observe: (event) => {
            if (event.event !== 'step') return;
            this.steps.push({ ...event, student: `student-${rank}` });
            afterStep?.(this, rank, event);
          },
        });
        await trainer.train();
        this.hashes.set(rank, await hash());
        await link.done({ numbers: {}, words: { parameters: await hash() } });
      } else await link.done({ numbers: {}, words: {} });
    });
  }
}

async function initOf(rows: number) {
  return {
    config: await readModelConfig(join(packageRoot(), 'models', 'micro-tied')),
    rows,
    positions: POSITIONS,
    targetWidths: [1, DRAWS + 1],
    optimizer: { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0.1, clip: 1 } as const,
    engine: { threads: 1, device: 'cpu' } as const,
    seed: 5,
    bucketElements: 2048,
  };
}
