import type { TextSegment } from '../cuts/segments.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Text of a corpus that its ids do not represent. */
export interface EncodingLossSummary {
  /** Number of unknown-token ids. */
  readonly unknown: number;
  /** Number of dropped characters. */
  readonly dropped: number;
  /** The first examples. */
  readonly first: { source: string; line: number; text: string }[];
}

const KEPT = 5;
/** Maximum characters of an example. */
const LONGEST_EXAMPLE = 40;

/** Counts unknown and dropped text, and keeps the first examples for the report. */
export class EncodingLossCounter {
  readonly #tokenizer: Pick<Tokenizer, 'encodingLoss'>;
  readonly #first: { source: string; line: number; text: string }[] = [];
  #unknown = 0;
  #dropped = 0;

  constructor(tokenizer: Pick<Tokenizer, 'encodingLoss'>) {
    this.#tokenizer = tokenizer;
  }

  async add(segments: readonly TextSegment[], ids: readonly Uint32Array[]): Promise<void> {
    const { encodingLoss } = this.#tokenizer;
    if (!encodingLoss) return;
    const found = await encodingLoss.find(
      segments.map(({ text }) => text),
      ids,
    );
    for (const [index, { unknown, dropped }] of found.entries()) {
      this.#unknown += unknown;
      this.#dropped += dropped;
      const segment = segments[index];
      if (!segment || unknown + dropped === 0 || this.#first.length === KEPT) continue;
      const { source, line, text } = segment;
      const example = (await encodingLoss.example(text)) ?? '';
      this.#first.push({ source, line, text: Array.from(example).slice(0, LONGEST_EXAMPLE).join('') });
    }
  }

  /** Summary; undefined if nothing was lost. */
  summary(): EncodingLossSummary | undefined {
    if (this.#unknown + this.#dropped === 0) return undefined;
    return { unknown: this.#unknown, dropped: this.#dropped, first: [...this.#first] };
  }
}
