import { Calibration } from './calibration.ts';

/** One evaluated position. */
export interface Position {
  /** Minus the log-probability of the label, nats. */
  readonly loss: number;
  readonly correct: boolean;
  /** Probability of the most likely id. */
  readonly confidence: number;
  /** Entropy of the prediction, nats. */
  readonly entropy: number;
  /** UTF-8 bytes of the label; undefined if the tokenizer is unknown. */
  readonly bytes: number | undefined;
}

/** Metrics of a number of positions. */
export interface Metrics {
  /** Number of evaluated tokens: the positions with a label. */
  readonly tokens: number;
  /** UTF-8 bytes of their text. Absent if the tokenizer is unknown. */
  readonly bytes?: number;
  /** Mean loss, nats a token. */
  readonly loss: number;
  readonly perplexity: number;
  /** Loss in bits for each byte of text. Absent if the tokenizer is unknown or there is no text. */
  readonly bitsPerByte?: number;
  /** Share of positions whose most likely id is the label, 0 … 1. */
  readonly accuracy: number;
  /** Expected calibration error, 0 … 1. */
  readonly calibrationError: number;
  /** Mean entropy of the predictions, nats. */
  readonly entropy: number;
}

/** Sums over positions, in float64. */
export class Tally {
  #tokens = 0;
  #loss = 0;
  #correct = 0;
  #entropy = 0;
  #bytes: number | undefined = 0;
  readonly #calibration = new Calibration();

  add({ loss, correct, confidence, entropy, bytes }: Position): void {
    this.#tokens += 1;
    this.#loss += loss;
    this.#correct += correct ? 1 : 0;
    this.#entropy += entropy;
    this.#bytes = bytes === undefined || this.#bytes === undefined ? undefined : this.#bytes + bytes;
    this.#calibration.add(confidence, correct);
  }

  get tokens(): number {
    return this.#tokens;
  }

  metrics(): Metrics {
    const loss = this.#loss / this.#tokens;
    const bytes = this.#bytes;
    return {
      tokens: this.#tokens,
      ...(bytes !== undefined && { bytes }),
      loss,
      perplexity: Math.exp(loss),
      ...(bytes !== undefined && bytes > 0 && { bitsPerByte: this.#loss / Math.LN2 / bytes }),
      accuracy: this.#correct / this.#tokens,
      calibrationError: this.#calibration.error,
      entropy: this.#entropy / this.#tokens,
    };
  }
}
