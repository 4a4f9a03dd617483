/** Watches a run's reduced losses for divergence. All ranks decide alike: their losses are equal. */
import { lossNotFinite, lossOutOfRange } from './diverged.ts';
import {
  afterLoss,
  divergedAt,
  isSuspect,
  lostSince,
  NO_LOSSES,
  type DivergenceRule,
  type OutOfRange,
  type StepLoss,
} from './divergence.ts';

export class LossWatch {
  readonly #rule: DivergenceRule | undefined;
  /** The last step, and the loss ranges before and after it. */
  #step = -1;
  #before = NO_LOSSES;
  #after = NO_LOSSES;

  /** Without a rule, only a non-finite loss is a divergence. */
  constructor(rule: DivergenceRule | undefined) {
    this.#rule = rule;
  }

  /** Adds a step's loss; a repeated step replaces its earlier loss. Throws TRAINING_DIVERGED. */
  add(next: StepLoss): void {
    const { step, loss } = next;
    if (!Number.isFinite(loss)) throw lossNotFinite(step, loss);
    if (!this.#rule) return;
    this.#before = this.#step === step ? this.#before : this.#after;
    this.#step = step;
    this.#after = afterLoss(this.#before, next, this.#rule);
    const out = divergedAt(this.#after, this.#rule);
    if (out) throw lossOutOfRange(out, next);
  }

  /** Set if the latest losses are out of range, so that the state must not be saved. */
  get suspect(): OutOfRange | undefined {
    return this.#rule && isSuspect(this.#after, this.#rule);
  }

  /** The first step of the latest losses that are all out of range. */
  get lostSince(): number | undefined {
    return this.#rule && lostSince(this.#after, this.#rule);
  }

  /** Throws TRAINING_DIVERGED if a run would end with losses that are out of range. */
  requireInRange(): void {
    const { suspect } = this;
    if (suspect) throw lossOutOfRange(suspect, this.#after.recent.at(-1)!);
  }
}
