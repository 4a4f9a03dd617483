/**
 * How much of each target is the teacher's: the plan's weight, where its rule listens, and what has
 * been left. A value: `after` and `afterAngle` return the next one. All ranks with the same plan,
 * held-out teacher and evaluations have equal values.
 */
import { BrineError } from '../../base/errors.ts';
import type { RowLabels } from '../../labels/record/record.ts';
import { phaseAt, weightAt, type DistilPhase, type Plan } from '../training/plan.ts';
import { bucketAmong, edgesOf, type HeldOutTeacher } from './held-out-teacher.ts';
import {
  afterEvaluation,
  comparesHeldOut,
  initialLeave,
  leaving,
  type LeaveState,
  type Measured,
} from './leave.ts';
import { listening, needsHeldOut } from './listen.ts';

/** What a checkpoint keeps, and what a rank that joins needs. */
export interface TeachingState {
  /** The decisions before the latest evaluation. */
  readonly before: LeaveState;
  /** The latest evaluation. It is kept apart because a ring that recovers repeats it. */
  readonly latest: Measured | null;
  /** Number of the latest measurements in a row with an angle above the bound. */
  readonly wide: number;
}

/** The phase that a plan can leave early. A valid plan has at most one. */
type LeavingPhase = DistilPhase & Required<Pick<DistilPhase, 'leave'>>;

export class Teaching {
  readonly #plan: Plan;
  readonly #teacher: HeldOutTeacher | undefined;
  /** The index of the phase that can be left, and its rule. */
  readonly #leaves: { readonly at: number; readonly phase: LeavingPhase } | undefined;
  readonly #state: TeachingState | undefined;
  readonly #left: LeaveState['left'];

  /**
   * Without `state`, the teaching at the start of the run. `teacher` is required if `comparesTeacher`
   * holds for the plan.
   */
  constructor(plan: Plan, teacher?: HeldOutTeacher, state?: TeachingState) {
    this.#plan = plan;
    this.#teacher = teacher;
    const at = plan.findIndex((phase) => phase.kind === 'distil' && phase.leave !== undefined);
    this.#leaves = at < 0 ? undefined : { at, phase: plan[at] as LeavingPhase };
    const rule = this.#leaves?.phase.leave;
    this.#state = rule && (state ?? { before: initialLeave(rule), latest: null, wide: 0 });
    const { before, latest } = this.#state ?? {};
    this.#left =
      rule && latest
        ? afterEvaluation(rule, before!, { measured: latest, teacher }).left
        : (before?.left ?? []);
  }

  /** Whether evaluations can change the teaching. Every rank then repeats them after a recovery. */
  get adapts(): boolean {
    return this.#leaves !== undefined;
  }

  /** Undefined if evaluations change nothing. */
  get state(): TeachingState | undefined {
    return this.#state;
  }

  /**
   * After how many steps each part of the teacher was left, null while it teaches. Empty for plans that
   * cannot leave the teacher early.
   */
  get left(): LeaveState['left'] {
    return this.#left;
  }

  /** The teaching after an evaluation. One of the same step replaces the earlier. */
  after(measured: Omit<Measured, 'wide'>): Teaching {
    const { step } = measured;
    const [leaves, state] = [this.#leaves, this.#state];
    const phase = step < stepsOf(this.#plan) ? phaseAt(this.#plan, step).index : -1;
    if (!leaves || !state || phase !== leaves.at) return this;
    const isRepeated = state.latest === null || state.latest.step === step;
    const before = isRepeated
      ? state.before
      : afterEvaluation(leaves.phase.leave!, state.before, {
          measured: state.latest,
          teacher: this.#teacher,
        });
    const latest = { ...measured, wide: state.wide };
    return new Teaching(this.#plan, this.#teacher, { before, latest, wide: state.wide });
  }

  /** The teaching after a step whose gradients' angle (degrees) was measured. */
  afterAngle(degrees: number): Teaching {
    const rule = this.#leaves?.phase.leave;
    if (rule?.when !== 'angle' || !this.#state) return this;
    const wide = degrees > rule.above ? this.#state.wide + 1 : 0;
    return new Teaching(this.#plan, this.#teacher, { ...this.#state, wide });
  }

  /** ω at a step, before the factors of its positions. Labels are needed exactly where it is above 0. */
  weightAt(step: number): number {
    const weight = weightAt(this.#plan, step);
    const factors = this.#leaving(step);
    if (!factors) return weight;
    return factors.length === 1 ? weight * factors[0]! : factors.some((factor) => factor > 0) ? weight : 0;
  }

  /**
   * The factors of ω at the positions of a row; undefined where all are 1. Throws LABEL_MISSING for
   * labels without context columns.
   */
  weights(step: number, { row, context }: Pick<RowLabels, 'row' | 'context'>): Float32Array | undefined {
    const { phase } = phaseAt(this.#plan, step);
    const rule = phase.kind === 'distil' ? phase.listen : undefined;
    const parts = this.#leaving(step);
    const byBucket = parts !== undefined && parts.length > 1 ? parts : undefined;
    if (!rule && !byBucket) return undefined;
    if (!context) throw withoutContext(row);
    const factors = rule
      ? listening(rule, context, { step, teacher: this.#teacher })
      : new Float32Array(context.entropy.length).fill(1);
    if (!byBucket) return factors;
    const edges = edgesOf(this.#teacher!);
    return factors.map((factor, t) => factor * byBucket[bucketAmong(edges, context.entropy[t]!)]!);
  }

  /** The factors of the parts that are left separately; undefined in phases without such a rule. */
  #leaving(step: number): number[] | undefined {
    if (!this.#leaves || phaseAt(this.#plan, step).index !== this.#leaves.at) return undefined;
    const rule = this.#leaves.phase.leave!;
    return this.#left.map((left) => leaving(left, step, rule));
  }
}

/** Whether a rule of the plan compares with the teacher on held-out text. */
export function comparesTeacher(plan: Plan): boolean {
  return plan.some(
    (phase) =>
      phase.kind === 'distil' &&
      ((phase.listen && needsHeldOut(phase.listen)) || (phase.leave && comparesHeldOut(phase.leave))),
  );
}

function stepsOf(plan: Plan): number {
  return plan.reduce((sum, { steps }) => sum + steps, 0);
}

function withoutContext(row: number): BrineError {
  return new BrineError('LABEL_MISSING', `the label of row ${row} has no context columns`, {
    hint: 'Draw new labels into another folder: rules need the entropy of the teacher beside them.',
  });
}
