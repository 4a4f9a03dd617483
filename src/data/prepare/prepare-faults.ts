import { BrineError } from '../../base/errors.ts';
import type { FaultSummary } from '../corpus/document.ts';
import type { ContentOptions } from './prepare-report.ts';
import type { TokenSetWriter } from '../tokens/token-set-writer.ts';

/** The CORPUS_EMPTY error, with the faults of the records. */
export function noText(corpus: string, faults: FaultSummary, { textField }: ContentOptions): BrineError {
  return new BrineError('CORPUS_EMPTY', `the corpus ${corpus} has no readable text${brokenText(faults)}`, {
    hint: `Text is read from the field or column "${textField}"${fieldsOf(faults)}. To read another one, set data.textField (for brine prepare: --set textField=NAME).`,
  });
}

/** The fields of the first record without text, as a part of a sentence. */
function fieldsOf({ first }: FaultSummary): string {
  const fault = first.find(({ fields }) => fields !== undefined);
  return fault ? `; ${fault.source}:${fault.line} has ${fault.fields || 'no fields'}` : '';
}

function brokenText(faults: FaultSummary): string {
  return faults.total > 0 ? ` (${faults.total} broken lines were skipped: ${reasonsOf(faults)})` : '';
}

/** Checks that every side has at least one row. Throws CORPUS_EMPTY, CORPUS_TOO_SMALL. */
export function checkRows(
  made: { train: TokenSetWriter; validation: TokenSetWriter | undefined; faults: FaultSummary },
  content: ContentOptions,
  corpus: string,
): void {
  const { train, validation, faults } = made;
  if (train.rows > 0 && (!validation || validation.rows > 0)) return;
  if (train.rows === 0 && train.waiting === 0) throw noText(corpus, faults, content);
  const side = train.rows === 0 ? 'training' : 'validation';
  throw new BrineError(
    'CORPUS_TOO_SMALL',
    `the corpus ${corpus} does not fill one ${side} row of ${content.positions} tokens${brokenText(faults)}`,
    {
      hint: 'Use more text, shorter rows (data.row), or another validation share (data.validation; 0 for none).',
    },
  );
}

/** Formats faults, such as "30 invalid JSON, 2 empty text". */
function reasonsOf({ byReason }: FaultSummary): string {
  const reasons = Object.entries(byReason).map(([reason, count]) => `${count} ${reason}`);
  return reasons.length > 4 ? `${reasons.slice(0, 4).join(', ')}, …` : reasons.join(', ');
}
