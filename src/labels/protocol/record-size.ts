import { BrineError } from '../../base/errors.ts';
import type { DrawingRule, LabelIdentity } from '../identity.ts';
import { LABEL_FRAME_BYTES } from './messages.ts';
import type { TokenRows } from '../server/server-types.ts';

/**
 * A label record is sent as one frame. Rules whose records cannot fit are refused before anything
 * is drawn; larger records are refused after drawing.
 */

/**
 * The smallest size of a record: one bit for each position and each entry (columns.ts), plus the
 * float32 weights of `dense`.
 */
export function minRecordBytes(
  rule: DrawingRule,
  { positions, vocabulary }: { positions: number; vocabulary: number },
): number {
  const size = {
    sampled: 1,
    topk: rule.kind === 'topk' ? Math.min(rule.k, vocabulary) : 0,
    dense: vocabulary,
    context: 0,
  };
  const entries = positions * size[rule.kind];
  return Math.ceil((positions + entries) / 8) + (rule.kind === 'dense' ? 4 * entries : 0);
}

/** Throws CONFIG_INVALID for a drawing rule whose records cannot fit into a frame. */
export function checkRecordSize({
  identity: { rule },
  tokens,
}: {
  readonly identity: Pick<LabelIdentity, 'rule'>;
  readonly tokens: Pick<TokenRows, 'rowLength' | 'vocabularySize'>;
}): void {
  const { rowLength, vocabularySize: vocabulary } = tokens;
  const bytes = minRecordBytes(rule, { positions: rowLength - 1, vocabulary });
  if (bytes <= LABEL_FRAME_BYTES) return;
  throw new BrineError(
    'CONFIG_INVALID',
    `${rule.kind} labels of a row of ${rowLength} tokens over a vocabulary of ${vocabulary} take at least ${bytes} bytes, more than the limit of ${LABEL_FRAME_BYTES} bytes a row`,
    { hint: 'Use labels.rule sampled or a smaller labels.k, or shorter rows (data.row).' },
  );
}

/** Throws FRAME_TOO_LARGE for a record that does not fit into a frame. */
export function checkRecordFrame(row: number, { byteLength }: Uint8Array): void {
  if (byteLength <= LABEL_FRAME_BYTES) return;
  throw new BrineError(
    'FRAME_TOO_LARGE',
    `the label of row ${row} has ${byteLength} bytes, more than the limit of ${LABEL_FRAME_BYTES}`,
    { hint: 'Draw fewer labels a position (labels.draws, labels.k), or use shorter rows (data.row).' },
  );
}
