/**
 * The process that trains one tokenizer, because the native trainer blocks its thread for seconds and
 * writes to standard output. Receives {sample, out}, writes the trainer's tokenizer.json to `out`,
 * and answers {} or {error}.
 */
import { leaveSignalsToOwner } from '../../base/process/helper-signals.ts';
import { BPE, byteLevelPreTokenizer, Tokenizer } from 'tokenizers';

leaveSignalsToOwner();
process.once('message', ({ sample, out }: { sample: string; out: string }) => {
  const answer = train(sample, out);
  process.send?.(answer, () => process.disconnect());
});

function train(sample: string, out: string): { error?: string } {
  try {
    const tokenizer = new Tokenizer(BPE.empty());
    tokenizer.setPreTokenizer(byteLevelPreTokenizer(false, true));
    tokenizer.train([sample]);
    tokenizer.save(out, false);
    return {};
  } catch (error) {
    return { error: String(error) };
  }
}
