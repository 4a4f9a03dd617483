/** How fast a student trains, smoothed: means over the last steps, in which older ones count less and less. Pure. */
export interface TimedStep {
  /** Tokens of all ranks. */
  readonly tokens: number;
  readonly seconds: number;
  readonly ringSeconds: number;
  readonly waitSeconds: number;
}

/** Seconds of training after which a step counts a third. */
const MEMORY = 15;

interface Sums extends TimedStep {
  readonly steps: number;
  /** From step to step, evaluations and checkpoints between them included. */
  readonly wall: number;
}

export class StepThroughput {
  #sums: Sums = { tokens: 0, seconds: 0, ringSeconds: 0, waitSeconds: 0, steps: 0, wall: 0 };

  /** `wall` are the seconds since the step before, undefined for the first. */
  add(step: TimedStep, wall = step.seconds - step.waitSeconds): void {
    const kept = Math.exp(-Math.max(0, step.seconds) / MEMORY);
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

  /** Of steps that were trained: it does not grow while the next one waits. */
  get secondsAStep(): number {
    return share(this.#sums.wall, this.#sums.steps);
  }
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
