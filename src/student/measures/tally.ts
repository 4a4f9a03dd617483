/**
 * The scalars of a step that are reduced with its gradients. Every value is a sum over the ranks, in
 * the small bucket that carries the loss anyway, so metrics cost no message.
 */
import type { Losses } from '../program/backward.ts';
import { NO_PARTS, type GradientParts } from '../program/gradient-parts.ts';
import { TALLY } from '../training/collectives.ts';
import type { TeacherShare } from '../training/targets.ts';

export const NO_LOSS: Losses = { loss: 0, labelLoss: 0, teacherPart: 0 };

/** What a rank adds for its own rows. */
export interface OwnStep {
  readonly losses: Losses;
  readonly share: TeacherShare;
  readonly parts: GradientParts | undefined;
  /** Number of micro-batches whose gradients `parts` are sums of. */
  readonly microBatches: number;
  /** Whether this rank has a stop request, and whether it knows of ranks that wait to join. */
  readonly stops: boolean;
  readonly joins: boolean;
}

/** Sums over the ranks. Losses are means over the global batch, nats per token. */
export interface Tally {
  readonly loss: number;
  readonly labelLoss: number;
  /** See `LossParts`. */
  readonly teacherPart: number;
  readonly share: TeacherShare;
  /** Inner products of the parts of a rank's mean gradient: means over ranks, weighted by their rows. */
  readonly parts: GradientParts;
  /** Number of ranks with a stop request. */
  readonly stops: number;
  /** Number of ranks that know of others waiting to join. */
  readonly joins: number;
}

/** `ranks` is the global batch over this rank's rows. */
export function packTally(
  { losses, share, parts = NO_PARTS, ...own }: OwnStep,
  ranks: number,
): Float32Array<ArrayBuffer> {
  const means = [losses.labelLoss, losses.teacherPart, share.weight, share.entropy, share.known];
  const products = [parts.label, parts.teacher, parts.product].map((sum) => sum / own.microBatches ** 2);
  const tally = new Float32Array(TALLY);
  tally.set([losses.loss / ranks, own.stops ? 1 : 0, own.joins ? 1 : 0]);
  tally.set(
    [...means, ...products].map((mean) => mean / ranks),
    3,
  );
  return tally;
}

export function readTally(tally: Float32Array): Tally {
  const [loss = 0, stops = 0, joins = 0, labelLoss = 0, teacherPart = 0] = tally;
  const [weight = 0, entropy = 0, known = 0, label = 0, teacher = 0, product = 0] = tally.subarray(5);
  return {
    loss,
    labelLoss,
    teacherPart,
    share: { weight, entropy, known },
    parts: { label, teacher, product },
    stops,
    joins,
  };
}
