import { EventWriter } from '../report/tensorboard.ts';
import { BEGIN, type MetricsLog } from '../report/metrics.ts';
import type { StudentEvent, StepEvent } from '../student/events.ts';
import type { Figures } from './control.ts';
import { totalSteps, type Recipe } from './recipe.ts';
import { runFolder } from './resolved.ts';
import { STARTING, studentFigures, withTrouble, withWarnings, type StudentView } from './snapshot.ts';

/** A head reads them twice a second. */
const MOST_WARNINGS = 8;

/** Keeps what a student rank reports: metrics lines, TensorBoard scalars, what the progress line shows, and sums for the end. */
export class StudentRecorder {
  readonly #recipe: Recipe;
  readonly #metrics: MetricsLog;
  readonly #events: EventWriter;
  readonly #began = performance.now();
  readonly #from: number;
  readonly #sums = {
    computeSeconds: 0,
    ringSeconds: 0,
    waitSeconds: 0,
    tokens: 0,
    labelRows: 0,
    plainRows: 0,
  };
  #last: StepEvent | undefined;
  #validationLoss: number | undefined;
  /** Why the newest checkpoint is not there. */
  #unsaved: string | undefined;
  /** What was not as it should be, newest last. */
  #warnings: readonly string[] = [];

  private constructor(parts: { recipe: Recipe; metrics: MetricsLog; events: EventWriter; from: number }) {
    this.#recipe = parts.recipe;
    this.#metrics = parts.metrics;
    this.#events = parts.events;
    this.#from = parts.from;
  }

  /** Throws FILE_UNWRITABLE. */
  static async open(
    { recipe, metrics, name }: { recipe: Recipe; metrics: MetricsLog; name: string },
    from: number,
  ): Promise<StudentRecorder> {
    // Steps after a checkpoint that a killed process has trained are trained again: readers must see each once.
    await metrics.write({ event: BEGIN, step: from });
    const first = from === 0 ? 0 : from + 1; // what was evaluated at `from` stays
    const events = await EventWriter.open(runFolder(recipe.run).tensorboard(name), { from: first });
    return new StudentRecorder({ recipe, metrics, events, from });
  }

  record(event: StudentEvent): void {
    if (event.event === 'step') this.#count(event);
    if (event.event === 'evaluation') this.#validationLoss = event.loss;
    if (event.event === 'checkpoint') this.#unsaved = undefined;
    void this.#metrics.write({ ...event });
    if (event.event === 'warning') this.#warnings = [...this.#warnings, event.text].slice(-MOST_WARNINGS);
    else if (event.event === 'unsaved') this.#unsaved = `no checkpoint of step ${event.step}: ${event.why}`;
    else void this.#events.scalars(event.step, scalarsOf(event));
  }

  /** For the coordinator, with what could not be written. */
  progress(): Figures {
    return withTrouble(
      withWarnings(this.#figures(), this.#warnings),
      this.#unsaved ?? (this.#metrics.fault ?? this.#events.fault)?.message,
    );
  }

  /** Before the first step there is nothing but the number of steps. */
  #figures(): Figures {
    const steps = totalSteps(this.#recipe);
    const last = this.#last;
    if (!last) return { numbers: { steps, step: this.#from }, words: { phase: STARTING } };
    const done = last.step - this.#from;
    const secondsAStep = (performance.now() - this.#began) / 1000 / Math.max(1, done);
    const view: StudentView = {
      step: last.step,
      steps,
      phase: last.phase,
      loss: last.loss,
      ...(this.#validationLoss !== undefined && { validationLoss: this.#validationLoss }),
      tokensPerSecond: last.tokensPerSecond,
      ringShare: last.ringSeconds / last.seconds,
      waitShare: last.waitSeconds / last.seconds,
      secondsLeft: secondsAStep * (steps - last.step),
      ...(this.#sums.plainRows > 0 && { plainRows: this.#sums.plainRows }),
    };
    return studentFigures(view);
  }

  /** The results of the rank. `parameters` is the hash of its final parameters. */
  results(parameters: string): Figures {
    const seconds = (performance.now() - this.#began) / 1000;
    return { numbers: { seconds, ...this.#sums }, words: { parameters } };
  }

  /** Resolves when everything is written that the disk takes. */
  close(): Promise<void> {
    return this.#events.close();
  }

  #count(event: StepEvent): void {
    this.#last = event;
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

function scalarsOf(
  event: Exclude<StudentEvent, { readonly event: 'unsaved' | 'warning' }>,
): Record<string, number> {
  if (event.event === 'evaluation')
    return { 'validation/loss': event.loss, 'validation/accuracy': event.accuracy };
  if (event.event === 'checkpoint')
    return { 'time/checkpoint seconds': event.seconds, 'time/checkpoint stall': event.stallSeconds };
  const { seconds } = event;
  return {
    'train/loss': event.loss,
    'train/learning rate': event.learningRate,
    'train/gradient norm': event.gradientNorm,
    'train/teacher weight': event.weight,
    'speed/tokens a second': event.tokensPerSecond,
    'time/compute share': event.computeSeconds / seconds,
    'time/ring share': event.ringSeconds / seconds,
    'time/wait share': event.waitSeconds / seconds,
    ...(event.plainRows !== undefined && { 'train/rows without a label': event.plainRows }),
  };
}
