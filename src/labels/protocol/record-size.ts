import { BrineError } from '../../base/errors.ts';
import type { DrawingRule, LabelIdentity } from '../identity.ts';
import { LABEL_FRAME_BYTES } from './messages.ts';
import type { TokenRows } from '../server/server-types.ts';

/** A label record travels as one frame: what is too long for one is refused before anything is drawn, or once it was drawn. */

/** The fewest bytes that a record can take: a bit for each position and each entry (columns.ts), and the weights of `dense` as they are. */
export function leastRecordBytes(
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

/** Throws CONFIG_INVALID for a drawing rule by which no record of these rows fits into a frame. */
export function checkRecordSize({
  identity: { rule },
  tokens,
}: {
  readonly identity: Pick<LabelIdentity, 'rule'>;
  readonly tokens: Pick<TokenRows, 'rowLength' | 'vocabularySize'>;
}): void {
  const { rowLength, vocabularySize: vocabulary } = tokens;
  const bytes = leastRecordBytes(rule, { positions: rowLength - 1, vocabulary });
  if (bytes <= LABEL_FRAME_BYTES) return;
  throw new BrineError(
    'CONFIG_INVALID',
    `${rule.kind} labels of a row of ${rowLength} tokens over a vocabulary of ${vocabulary} take ${bytes} bytes or more, and a row's label at most ${LABEL_FRAME_BYTES}`,
    { hint: 'Use labels.rule sampled or a smaller labels.k, or shorter rows (data.row).' },
  );
}

/** Throws FRAME_TOO_LARGE for a drawn record that no frame can carry. */
export function checkRecordFrame(row: number, { byteLength }: Uint8Array): void {
  if (byteLength <= LABEL_FRAME_BYTES) return;
  throw new BrineError(
    'FRAME_TOO_LARGE',
    `the label of row ${row} takes ${byteLength} bytes, and a row's label at most ${LABEL_FRAME_BYTES}`,
    { hint: 'Draw fewer labels a position (labels.draws, labels.k), or use shorter rows (data.row).' },
  );
}
