import { BrineError } from '../../base/errors.ts';
import type { FaultSummary } from '../corpus/document.ts';
import type { ContentOptions } from './prepare-report.ts';
import type { TokenSetWriter } from '../tokens/token-set-writer.ts';

/** CORPUS_EMPTY, with what was wrong with the records. */
export function noText(corpus: string, faults: FaultSummary, { textField }: ContentOptions): BrineError {
  return new BrineError('CORPUS_EMPTY', `the corpus ${corpus} holds no readable text${brokenText(faults)}`, {
    hint: `Records have their text in "${textField}": name another field or column by data.textField (of brine prepare: --set textField=NAME).`,
  });
}

function brokenText(faults: FaultSummary): string {
  return faults.total > 0 ? ` (${faults.total} broken lines were left out: ${reasonsOf(faults)})` : '';
}

/** Throws CORPUS_EMPTY, CORPUS_TOO_SMALL. */
export function checkEnough(
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
      hint: 'Give more text, shorter rows (data.row), or another share for validation (data.validation; 0 for none).',
    },
  );
}

/** Such as "30 invalid JSON, 2 empty text". */
function reasonsOf({ byReason }: FaultSummary): string {
  const reasons = Object.entries(byReason).map(([reason, count]) => `${count} ${reason}`);
  return reasons.length > 4 ? `${reasons.slice(0, 4).join(', ')}, …` : reasons.join(', ');
}
