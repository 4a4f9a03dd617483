/** Number of equal-width bins of the confidence. */
const BINS = 15;

/**
 * Expected calibration error of next-token predictions: how far the confidence in the most likely id
 * is from the share of positions where that id is right. Σ n_b / N · |accuracy_b - confidence_b| over
 * 15 equal-width bins (lower bound excluded) of the confidence (Guo et al. 2017, arXiv 1706.04599).
 */
export class Calibration {
  readonly #count = new Float64Array(BINS);
  readonly #correct = new Float64Array(BINS);
  readonly #confidence = new Float64Array(BINS);

  /** `confidence` is the probability of the most likely id, 0 … 1. */
  add(confidence: number, correct: boolean): void {
    const bin = Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1));
    this.#count[bin]! += 1;
    this.#correct[bin]! += correct ? 1 : 0;
    this.#confidence[bin]! += confidence;
  }

  /** 0 … 1; NaN without positions. */
  get error(): number {
    const total = this.#count.reduce((sum, count) => sum + count, 0);
    const distance = this.#correct.reduce(
      (sum, correct, bin) => sum + Math.abs(correct - this.#confidence[bin]!),
      0,
    );
    return distance / total;
  }
}
