/**
 * Every objective as a sparse target distribution: at each position, the hard label with weight 1 -
 * ω and the teacher's ids with weights ω · q. A smoothed hard label has weight 1 - ε, and a remaining
 * mass ε that the graph spreads over the vocabulary. Only this module uses ω and ε.
 */
import { BrineError } from '../../base/errors.ts';
import type { Rest } from '../../loss/index.ts';
import type { RowLabels } from '../../labels/record/record.ts';

/** Inputs of the training graph for M micro-batches of B rows of T positions: N = M · B · T. */
export interface BatchTargets {
  /** [N]: the model's input ids. */
  readonly tokens: BigInt64Array<ArrayBuffer>;
  /** [N, K] */
  readonly targetIds: BigInt64Array<ArrayBuffer>;
  /** [N, K], padded with id 0 of weight 0 */
  readonly targetWeights: Float32Array<ArrayBuffer>;
  /** K */
  readonly width: number;
  /**
   * [N]: ω · the teacher's mass outside its ids, or ε of a smoothed hard label; only if the graph
   * spreads it or gives it to a ghost.
   */
  readonly remaining?: Float32Array<ArrayBuffer> | undefined;
}

/** How much of a batch's targets is the teacher's: means over all positions. */
export interface TeacherShare {
  /** Mean ω. */
  readonly weight: number;
  /** Mean of ω · entropy of the teacher at temperature 1, nats; 0 where labels have no context. */
  readonly entropy: number;
  /** Mean ω over the positions whose labels have context. */
  readonly known: number;
}

/** The buffers of the targets, to move them to another thread. */
export function buffersOf({ tokens, targetIds, targetWeights, remaining }: BatchTargets): ArrayBuffer[] {
  const columns = [tokens, targetIds, targetWeights, ...(remaining ? [remaining] : [])];
  return columns.map(({ buffer }) => buffer);
}

interface TargetOptions {
  /** ω, 0 … 1. */
  readonly weight: number;
  /** ε, 0 ≤ ε < 1, of hard labels in steps without teacher. Needs `rest` spread. Default 0. */
  readonly smoothing?: number | undefined;
  /** The factors of ω at the positions of a row, 0 … 1. Default: 1 everywhere. */
  readonly listen?: ((labels: RowLabels) => Float32Array | undefined) | undefined;
  /** K: one for the hard label, the others for the teacher's ids. */
  readonly width: number;
  /**
   * How the mass outside the teacher's ids (top-k) is treated. Default renormalise: their weights
   * sum to ω without it.
   */
  readonly rest?: Rest | undefined;
}

/**
 * Makes targets from rows of T + 1 ids and, if ω > 0, their labels in the same order. A row whose
 * labels are undefined gets its hard labels with weight 1. At every position, weights and remaining
 * mass sum to 1. Throws LABEL_MISALIGNED if labels belong to other rows, SHAPE_MISMATCH if a
 * position has more than K - 1 ids, or if the graph cannot smooth labels.
 */
export function batchTargets(
  rows: readonly Uint32Array[],
  labels: readonly (RowLabels | undefined)[],
  { weight, smoothing = 0, listen, width, rest = 'renormalise' }: TargetOptions,
): BatchTargets & { readonly share: TeacherShare } {
  const positions = (rows[0]?.length ?? 1) - 1;
  const count = rows.length * positions;
  if (weight > 0 && labels.length !== rows.length)
    throw misaligned(`there are labels of ${labels.length} rows for ${rows.length} rows`);
  if (smoothing > 0 && rest !== 'spread') throw unsmoothed(smoothing);
  const targets: BatchTargets = {
    tokens: new BigInt64Array(count),
    targetIds: new BigInt64Array(count * width),
    targetWeights: new Float32Array(count * width),
    width,
    ...(rest !== 'renormalise' && { remaining: new Float32Array(count).fill(smoothing) }),
  };
  const sum = { weight: 0, entropy: 0, known: 0 };
  rows.forEach((ids, at) => {
    const own = weight > 0 ? labels[at] : undefined;
    const factors = own && listen?.(own);
    const weightAt = (t: number) => (own ? weight * (factors?.[t] ?? 1) : 0);
    const span = { begin: at * positions, positions, weightAt, smoothing };
    writeTrue(targets, ids, span);
    if (!own) return;
    writeTeacher(targets, own, span);
    addShare(sum, own, span);
  });
  const mean = (total: number) => (count === 0 ? 0 : total / count);
  return {
    ...targets,
    share: { weight: mean(sum.weight), entropy: mean(sum.entropy), known: mean(sum.known) },
  };
}

interface TargetSpan {
  /** The position of the row's first id in the batch. */
  readonly begin: number;
  readonly positions: number;
  /** ω at a position of the row. */
  readonly weightAt: (t: number) => number;
  readonly smoothing: number;
}

function writeTrue(
  targets: BatchTargets,
  ids: Uint32Array,
  { begin, positions, weightAt, smoothing }: TargetSpan,
): void {
  const { tokens, targetIds, targetWeights, width } = targets;
  for (let t = 0; t < positions; t += 1) {
    tokens[begin + t] = BigInt(ids[t]!);
    targetIds[(begin + t) * width] = BigInt(ids[t + 1]!);
    targetWeights[(begin + t) * width] = 1 - smoothing - weightAt(t);
  }
}

function writeTeacher(targets: BatchTargets, labels: RowLabels, place: TargetSpan): void {
  const { begin, positions, weightAt } = place;
  if (labels.positions !== positions) {
    throw misaligned(
      `the labels of row ${labels.row} have ${labels.positions} positions; the row has ${positions}`,
    );
  }
  // Low halves of little-endian 64-bit ids: writing them is far cheaper than creating BigInts.
  const low = new Int32Array(targets.targetIds.buffer);
  const { offsets, ids, weights, remaining } = labels;
  for (let t = 0; t < positions; t += 1) {
    const [first, end] = [offsets[t]!, offsets[t + 1]!];
    if (end - first > targets.width - 1) throw tooWide(labels.row, end - first, targets.width);
    let mass = 0;
    for (let i = first; i < end; i += 1) mass += weights[i]!;
    const rest = targets.remaining ? (remaining?.[t] ?? 0) : 0;
    const scale = mass + rest > 0 ? weightAt(t) / (mass + rest) : 0;
    if (targets.remaining) targets.remaining[begin + t] = scale * rest;
    let to = (begin + t) * targets.width + 1;
    for (let i = first; i < end; i += 1, to += 1) {
      low[2 * to] = ids[i]!;
      targets.targetWeights[to] = scale * weights[i]!;
    }
  }
}

function addShare(
  sum: { -readonly [Key in keyof TeacherShare]: number },
  { context }: RowLabels,
  { positions, weightAt }: TargetSpan,
): void {
  for (let t = 0; t < positions; t += 1) {
    const weight = weightAt(t);
    sum.weight += weight;
    if (!context) continue;
    sum.known += weight;
    sum.entropy += weight * context.entropy[t]!;
  }
}

function misaligned(fault: string): BrineError {
  return new BrineError('LABEL_MISALIGNED', fault, {
    hint: 'Draw new labels for these token shards, into another folder.',
  });
}

function unsmoothed(smoothing: number): BrineError {
  return new BrineError(
    'SHAPE_MISMATCH',
    `labels are smoothed by ${smoothing}, but the training graph does not spread a remaining mass`,
    { hint: 'Build the graph for the plan of the run.' },
  );
}

function tooWide(row: number, ids: number, width: number): BrineError {
  return new BrineError(
    'SHAPE_MISMATCH',
    `a position of row ${row} has ${ids} teacher ids, but the training graph takes at most ${width - 1}`,
    { hint: 'Build the graph for the drawing rule of the labels.' },
  );
}
