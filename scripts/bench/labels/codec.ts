import { tokenHash } from '../../../src/labels/record/header.ts';
import { openRecord } from '../../../src/labels/record/header.ts';
import {
  decodeRecord,
  encodeRecord,
  type RecordForm,
  type RowLabels,
} from '../../../src/labels/record/record.ts';
import { median, round } from '../figures.ts';

export interface MadeRow {
  readonly labels: RowLabels;
  readonly form: RecordForm;
}

export interface CodecFigures extends Record<string, unknown> {
  /** Bytes of header and label columns a position: everything that training needs. */
  readonly bytesPerToken: number;
  /** Bytes of the context columns a position, for selection and gating. */
  readonly contextBytesPerToken: number;
  readonly distinctIds: number;
  /** Throughput of whole records on one core; the median over the repeats. */
  readonly tokensPerSecondEncode: number;
  readonly tokensPerSecondDecode: number;
}

/** Measures the size and the encoding and decoding time of records. */
export function codecFigures(made: readonly MadeRow[], repeats: number): CodecFigures {
  const tokens = made.reduce((sum, { labels }) => sum + labels.positions, 0);
  const ids = made.reduce((sum, { labels }) => sum + labels.ids.length, 0);
  const encode = () => made.map(({ labels, form }) => encodeRecord(labels, form));
  const records = encode();
  const expected = made.map(({ labels, form }) => ({
    row: labels.row,
    identity: form.identity,
    tokenHash: tokenHash(form.tokens),
  }));
  const bytes = records.reduce((sum, record) => sum + record.length, 0);
  const context = records.reduce((sum, record) => sum + openRecord(record).context.length, 0);
  return {
    bytesPerToken: round((bytes - context) / tokens, 2),
    contextBytesPerToken: round(context / tokens, 2),
    distinctIds: round(ids / tokens, 2),
    tokensPerSecondEncode: Math.round(tokens / cpuSeconds(encode, repeats)),
    tokensPerSecondDecode: Math.round(
      tokens / cpuSeconds(() => records.map((record, i) => decodeRecord(record, expected[i]!)), repeats),
    ),
  };
}

/** Processor time, because other processes use the machine too. */
function cpuSeconds(work: () => unknown, repeats: number): number {
  for (let i = 0; i < 5; i += 1) work();
  const times = Array.from({ length: repeats }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  });
  return median(times);
}
