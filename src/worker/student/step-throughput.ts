/**
 * Smoothed throughput of a student: means over the last steps, with exponentially decaying weights.
 * Pure.
 */
export interface TimedStep {
  /** Tokens of all ranks. */
  readonly tokens: number;
  readonly seconds: number;
  readonly ringSeconds: number;
  readonly waitSeconds: number;
}

/** Decay time of a step's weight, in seconds of training. */
const DECAY_SECONDS = 15;

interface Sums extends TimedStep {
  readonly steps: number;
  /** Seconds from step to step, including evaluations and checkpoints. */
  readonly wall: number;
}

export class StepThroughput {
  #sums: Sums = { tokens: 0, seconds: 0, ringSeconds: 0, waitSeconds: 0, steps: 0, wall: 0 };

  /** `wall` is the number of seconds since the previous step; undefined for the first. */
  add(step: TimedStep, wall = step.seconds - step.waitSeconds): void {
    const kept = Math.exp(-Math.max(0, step.seconds) / DECAY_SECONDS);
    const old = this.#sums;
    this.#sums = {
      tokens: old.tokens * kept + step.tokens,
      seconds: old.seconds * kept + step.seconds,
      ringSeconds: old.ringSeconds * kept + step.ringSeconds,
      waitSeconds: old.waitSeconds * kept + step.waitSeconds,
      steps: old.steps * kept + 1,
      wall: old.wall * kept + wall,
    };
  }

  get tokensPerSecond(): number {
    return share(this.#sums.tokens, this.#sums.seconds);
  }

  get ringShare(): number {
    return share(this.#sums.ringSeconds, this.#sums.seconds);
  }

  get waitShare(): number {
    return share(this.#sums.waitSeconds, this.#sums.seconds);
  }

  /** Mean seconds per completed step; a step in progress does not count. */
  get secondsAStep(): number {
    return share(this.#sums.wall, this.#sums.steps);
  }
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
