import type { Transition } from '../../../src/coordinator/state-machine/transition.ts';
import type { StepEvent } from '../../../src/student/training/events.ts';
import type { Buckets } from '../../../src/student/program/state.ts';
import { planSteps } from '../../../src/student/training/plan.ts';
import type { Disks } from './disks.ts';
import type { SimulatedProcess } from './processes.ts';
import type { Settings } from './settings.ts';
import { dataOrderOf, expectedParameters } from './stand-ins.ts';

/** Why a role counts as lost although nobody has reported its exit. */
const INFERRED = /^(was lost with its node|no longer responds|exited with the head of the run)$/;

/** What must hold in every run, checked while it happens. */
export class Checks {
  readonly violations: string[] = [];
  readonly #expected: readonly Buckets[];
  readonly #total: number;
  readonly #disks: Disks;
  readonly #checkpointEvery: number;
  /** The students of each generation's ring. */
  readonly #rings = new Map<number, { students: string; step: number | undefined }>();
  /** The latest step that each process has trained. */
  readonly #steps = new Map<SimulatedProcess, number>();
  /** How many processes of each role have exited, and how many exits the coordinator has counted. */
  readonly #exits = new Map<string, { happened: number; counted: number }>();
  readonly #acknowledged: {
    readonly partition: number;
    readonly row: number;
    readonly record: Uint8Array;
  }[] = [];
  #finished = 0;

  constructor(settings: Settings, disks: Disks) {
    const { plan, batchRows, checkpointEvery } = settings;
    this.#total = planSteps(plan);
    this.#expected = expectedParameters(dataOrderOf(plan, batchRows), this.#total);
    this.#disks = disks;
    this.#checkpointEvery = checkpointEvery;
  }

  violated(what: string): void {
    this.violations.push(what);
  }

  /** One ring a generation: every Start of a generation names the same students, and the same train progress if any. */
  decided({ effects }: Transition): void {
    for (const effect of effects) {
      if (effect.kind === 'observe' && effect.event.kind === 'replaced') this.#replaced(effect.event);
      if (effect.kind !== 'send' || effect.message.kind !== 'start') continue;
      const { generation, students, agreement } = effect.message;
      const ring = { students: students.join(), step: agreement?.step };
      const before = this.#rings.get(generation) ?? ring;
      const isOther = ring.step !== undefined && before.step !== undefined && ring.step !== before.step;
      if (ring.students !== before.students || isOther)
        this.violated(`generation ${generation} has two rings: ${JSON.stringify([before, ring])}`);
      this.#rings.set(generation, { ...before, step: before.step ?? ring.step });
    }
  }

  /**
   * No step is lost or counted twice, and no row is skipped, repeated or trained with wrong labels: the parameters
   * are those of an undisturbed run at this step.
   */
  trained(process: SimulatedProcess, { step, firstRow }: StepEvent, parameters: Buckets): void {
    const before = this.#steps.get(process);
    if (before !== undefined && step !== before + 1)
      this.violated(`${process.name} trained step ${step} after step ${before}`);
    this.#steps.set(process, step);
    this.#compare(process, step, parameters);
    if (firstRow === 0 && step % this.#checkpointEvery === 0 && !this.#disks.isFull) {
      const state = parameters.map((bucket) => bucket.slice());
      this.#disks.checkpoint = { step, hash: `step-${step}`, parameters: state };
    }
  }

  exited({ name }: SimulatedProcess): void {
    const { happened, counted } = this.#exitsOf(name);
    this.#exits.set(name, { happened: happened + 1, counted });
  }

  /** An exit counts once: the coordinator never replaces more processes of a role than have exited. */
  #replaced({ name, why }: { readonly name: string; readonly why: string }): void {
    if (INFERRED.test(why)) return;
    const { happened, counted } = this.#exitsOf(name);
    this.#exits.set(name, { happened, counted: counted + 1 });
    if (counted >= happened)
      this.violated(`${name} was replaced ${counted + 1} times after ${happened} exits`);
  }

  #exitsOf(name: string) {
    return this.#exits.get(name) ?? { happened: 0, counted: 0 };
  }

  finished(process: SimulatedProcess, parameters: Buckets): void {
    this.#finished += 1;
    this.#compare(process, this.#total, parameters);
  }

  acknowledged(partition: number, row: number, record: Uint8Array): void {
    this.#acknowledged.push({ partition, row, record: record.slice() });
  }

  /** What must hold when the run has ended well. */
  atEnd(): void {
    if (this.#finished === 0) this.violated('the run ended well, but no student has finished');
    for (const { partition, row, record } of this.#acknowledged) {
      const kept = this.#disks.label(partition, row);
      if (!kept || Buffer.compare(kept, record) !== 0)
        this.violated(
          `row ${row} was acknowledged, but partition ${partition} has ${kept ? 'other bytes' : 'lost it'}`,
        );
    }
  }

  #compare(process: SimulatedProcess, step: number, parameters: Buckets): void {
    const expected = this.#expected[step]!;
    const isEqual = parameters.every((bucket, b) => bucket.every((value, i) => value === expected[b]![i]));
    if (!isEqual)
      this.violated(`${process.name} has other parameters after step ${step} than an undisturbed run`);
  }
}
