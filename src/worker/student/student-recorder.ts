import { EventWriter } from '../../report/tensorboard.ts';
import { BEGIN, type MetricsLog } from '../../report/metrics.ts';
import type { LabelSource } from '../../student/training/batches.ts';
import type { LeaveState } from '../../student/rules/leave.ts';
import type { StudentEvent, StepEvent } from '../../student/training/events.ts';
import type { Figures } from '../../control/messages.ts';
import { totalSteps, type Recipe } from '../../recipe/recipe.ts';
import { runFolder } from '../../recipe/run-folder.ts';
import {
  LABELS,
  STARTING,
  studentFigures,
  withTrouble,
  withWarnings,
  type StudentView,
} from '../../control/snapshot.ts';
import { scalarsOf } from './scalars.ts';
import { StepThroughput } from './step-throughput.ts';

/** Maximum number of warnings, which are sent with every progress report. */
const MAX_WARNINGS = 8;
/** Minimum seconds before a step counts as waiting. */
const MIN_WAIT = 1;

/**
 * Records a student rank's events: metrics lines, TensorBoard scalars, progress reports, and
 * totals.
 */
export class StudentRecorder {
  readonly #recipe: Recipe;
  readonly #metrics: MetricsLog;
  readonly #events: EventWriter;
  /** Milliseconds, from an arbitrary origin. */
  readonly #clock: () => number;
  readonly #began: number;
  readonly #from: number;
  readonly #sums = {
    computeSeconds: 0,
    ringSeconds: 0,
    waitSeconds: 0,
    tokens: 0,
    labelRows: 0,
    plainRows: 0,
  };
  readonly #throughput = new StepThroughput();
  #last: StepEvent | undefined;
  /** The latest step that measured the gradient's parts. */
  #measured: StepEvent | undefined;
  /** Clock time of that event. */
  #lastAt: number | undefined;
  #validation: { readonly loss: number; readonly step: number } | undefined;
  /** Number of pending label fetches. */
  #fetching = 0;
  /** Why the latest checkpoint was not written. */
  #unsaved: string | undefined;
  /** Warnings, newest last. */
  #warnings: readonly string[] = [];

  private constructor(parts: {
    recipe: Recipe;
    metrics: MetricsLog;
    events: EventWriter;
    from: number;
    clock: () => number;
  }) {
    this.#clock = parts.clock;
    this.#began = parts.clock();
    this.#recipe = parts.recipe;
    this.#metrics = parts.metrics;
    this.#events = parts.events;
    this.#from = parts.from;
  }

  /** Throws FILE_UNWRITABLE. */
  static async open(
    {
      recipe,
      metrics,
      name,
      clock = () => performance.now(),
    }: { recipe: Recipe; metrics: MetricsLog; name: string; clock?: () => number },
    from: number,
  ): Promise<StudentRecorder> {
    // A killed process may have trained steps after the checkpoint. They are trained again, and
    // readers must count each only once.
    await metrics.write({ event: BEGIN, step: from });
    const first = from === 0 ? 0 : from + 1; // the evaluation at `from` is kept
    const events = await EventWriter.open(runFolder(recipe.run).tensorboard(name), { from: first });
    return new StudentRecorder({ recipe, metrics, events, from, clock });
  }

  record(event: StudentEvent): void {
    if (event.event === 'step') this.#count(event);
    if (event.event === 'evaluation') this.#validation = event;
    if (event.event === 'checkpoint') this.#unsaved = undefined;
    void this.#metrics.write({ ...event });
    if (event.event === 'warning') this.#warnings = [...this.#warnings, event.text].slice(-MAX_WARNINGS);
    else if (event.event === 'unsaved') this.#unsaved = `no checkpoint of step ${event.step}: ${event.why}`;
    else void this.#events.scalars(event.step, scalarsOf(event));
  }

  /** Wraps a label source, to detect when training waits for labels. */
  watching(labels: LabelSource): LabelSource {
    return {
      fetch: async (rows) => {
        this.#fetching += 1;
        try {
          return await labels.fetch(rows);
        } finally {
          this.#fetching -= 1;
        }
      },
      prefetch: (rows) => labels.prefetch(rows),
      forget: (rows) => labels.forget(rows),
    };
  }

  /**
   * The progress report for the coordinator, with warnings and failed writes. `left` are the steps
   * after which parts of the teacher were left, as in `Teaching`.
   */
  progress(left: LeaveState['left'] = []): Figures {
    return withTrouble(
      withWarnings(this.#figures(left), this.#warnings),
      this.#unsaved ?? (this.#metrics.fault ?? this.#events.fault)?.message,
    );
  }

  /** Before the first step, only the number of steps and the elapsed time. */
  #figures(left: LeaveState['left']): Figures {
    const steps = totalSteps(this.#recipe);
    const last = this.#last;
    const now = this.#clock();
    const waits = this.#waitsForLabels(now);
    const secondsElapsed = (now - this.#began) / 1000;
    if (!last) {
      const numbers = { steps, step: this.#from, secondsElapsed };
      return { numbers, words: { phase: STARTING, ...(waits && { waitsFor: LABELS }) } };
    }
    const validation = this.#validation;
    const view: StudentView = {
      step: last.step,
      steps,
      phase: last.phase,
      loss: last.loss,
      labelLoss: last.labelLoss,
      teacherLoss: last.teacherLoss,
      teacherKl: last.teacherKl,
      teacherShare: last.teacherShare,
      gradientNormLabel: this.#measured?.gradientNormLabel,
      gradientNormTeacher: this.#measured?.gradientNormTeacher,
      gradientAngle: this.#measured?.gradientAngle,
      ...partsOf(left),
      ...(validation && { validationLoss: validation.loss, validationStep: validation.step }),
      tokensPerSecond: this.#throughput.tokensPerSecond,
      ringShare: this.#throughput.ringShare,
      waitShare: this.#throughput.waitShare,
      secondsLeft: this.#throughput.secondsAStep * (steps - last.step),
      secondsElapsed,
      ...(waits && { waitsFor: LABELS }),
      ...(this.#sums.plainRows > 0 && { plainRows: this.#sums.plainRows }),
    };
    return studentFigures(view);
  }

  /** Whether a step takes much longer than usual while a label fetch is pending. */
  #waitsForLabels(now: number): boolean {
    const since = (now - (this.#lastAt ?? this.#began)) / 1000;
    return this.#fetching > 0 && since > Math.max(MIN_WAIT, 3 * this.#throughput.secondsAStep);
  }

  /** The rank's results. `parameters` is the hash of its final parameters. */
  results(parameters: string): Figures {
    const seconds = (this.#clock() - this.#began) / 1000;
    // Includes the warnings, because a short run ends before its next report.
    return withWarnings({ numbers: { seconds, ...this.#sums }, words: { parameters } }, this.#warnings);
  }

  /** Resolves when all events are written, as far as the disk allows. */
  close(): Promise<void> {
    return this.#events.close();
  }

  #count(event: StepEvent): void {
    const now = this.#clock();
    this.#throughput.add(event, this.#lastAt === undefined ? undefined : (now - this.#lastAt) / 1000);
    this.#last = event;
    if (event.gradientAngle !== undefined) this.#measured = event;
    this.#lastAt = now;
    this.#sums.computeSeconds += event.computeSeconds;
    this.#sums.ringSeconds += event.ringSeconds;
    this.#sums.waitSeconds += event.waitSeconds;
    this.#sums.tokens += event.tokens;
    if (event.labels !== undefined) {
      const { rows, plainRows = 0 } = event;
      this.#sums.labelRows += rows - plainRows;
      this.#sums.plainRows += plainRows;
    }
  }
}

type LeftParts = Pick<StudentView, 'teacherParts' | 'teacherPartsLeft' | 'teacherLeftStep'>;

function partsOf(left: LeaveState['left']): LeftParts {
  if (left.length === 0) return {};
  const steps = left.filter((step) => step !== null);
  return {
    teacherParts: left.length,
    teacherPartsLeft: steps.length,
    ...(steps.length > 0 && { teacherLeftStep: Math.max(...steps) }),
  };
}
