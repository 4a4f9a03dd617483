import { BitReader, BitWriter } from './bits.ts';
import { damaged, type RecordHeader } from './header.ts';
import { ClassCounts, ClassDecoder, ClassEncoder } from './prefix-code.ts';

/**
 * The label columns of one row. Four code tables (ids a position, first id, gaps between ids, counts), then position by
 * position: how many ids; the first id plus 1; the gaps to the following ids (ids ascend); the weights: counts (the last one is
 * what is missing to the draws), 16 bits of -ln(weight) · 2048, or float32; and where kept the remaining mass in 16 bits.
 */
export interface LabelColumns {
  /** Where each position's entries begin: [T + 1]. */
  readonly offsets: Uint32Array;
  /** Token ids, ascending within a position. */
  readonly ids: Uint32Array;
  /** Probability mass of each id. */
  readonly weights: Float32Array;
  /** [T] probability mass of the ids that were not kept. */
  readonly remaining?: Float32Array | undefined;
}

const LOG_STEPS = 2048;

export function packLabels(columns: LabelColumns, header: RecordHeader): Uint8Array {
  const { offsets, ids, weights, remaining } = columns;
  const counts = header.coding === 'counts' ? toCounts(weights, header.draws) : new Uint32Array(0);
  const tables = encoders(columns, counts);
  const writer = new BitWriter(ids.length * 4 + 64);
  for (const table of [tables.sizes, tables.firsts, tables.gaps, tables.counts]) table.writeTable(writer);
  for (let t = 0; t < header.positions; t += 1) {
    const [begin, end] = [offsets[t]!, offsets[t + 1]!];
    tables.sizes.write(writer, end - begin);
    tables.firsts.write(writer, ids[begin]! + 1);
    for (let i = begin + 1; i < end; i += 1) tables.gaps.write(writer, ids[i]! - ids[i - 1]!);
    if (header.coding === 'counts') {
      for (let i = begin; i < end - 1; i += 1) tables.counts.write(writer, counts[i]!);
    } else if (header.coding === 'logarithms') {
      for (let i = begin; i < end; i += 1) writer.write(logCode(weights[i]!), 16);
    } else {
      for (let i = begin; i < end; i += 1) writeFloat(writer, weights[i]!);
    }
    if (remaining !== undefined) writer.write(Math.round(clamp01(remaining[t]!) * 65_535), 16);
  }
  return writer.finish();
}

function encoders({ offsets, ids }: LabelColumns, counts: Uint32Array) {
  const classes = {
    sizes: new ClassCounts(),
    firsts: new ClassCounts(),
    gaps: new ClassCounts(),
    counts: new ClassCounts(),
  };
  for (let t = 0; t + 1 < offsets.length; t += 1) {
    const [begin, end] = [offsets[t]!, offsets[t + 1]!];
    classes.sizes.add(end - begin);
    classes.firsts.add(ids[begin]! + 1);
    for (let i = begin + 1; i < end; i += 1) classes.gaps.add(ids[i]! - ids[i - 1]!);
    if (counts.length > 0) for (let i = begin; i < end - 1; i += 1) classes.counts.add(counts[i]!);
  }
  return {
    sizes: new ClassEncoder(classes.sizes),
    firsts: new ClassEncoder(classes.firsts),
    gaps: new ClassEncoder(classes.gaps),
    counts: new ClassEncoder(classes.counts),
  };
}

/** Throws LABEL_DAMAGED at the first impossible value. Allocates at most 64 bytes for each byte of the section. */
export function unpackLabels(section: Uint8Array, header: RecordHeader): LabelColumns {
  const { positions, entries, vocabulary, draws, coding } = header;
  // A position and an entry take at least one bit each.
  if (positions > section.length * 8 || entries > section.length * 8)
    throw damaged('claims more than it holds');
  const reader = new BitReader(section);
  const sizes = new ClassDecoder(reader);
  const firsts = new ClassDecoder(reader);
  const gaps = new ClassDecoder(reader);
  const countCodes = new ClassDecoder(reader);
  const offsets = new Uint32Array(positions + 1);
  const ids = new Uint32Array(entries);
  const weights = new Float32Array(entries);
  const remaining = header.hasRemaining ? new Float32Array(positions) : undefined;
  let at = 0;
  for (let t = 0; t < positions; t += 1) {
    const size = sizes.read(reader);
    if (size === 0 || size > entries - at) throw damaged(`has an impossible number of ids at position ${t}`);
    const end = at + size;
    let id = firsts.read(reader) - 1;
    if (id < 0) throw damaged(`has no first id at position ${t}`);
    ids[at] = id;
    for (let i = at + 1; i < end; i += 1) {
      const gap = gaps.read(reader);
      if (gap === 0) throw damaged(`repeats an id at position ${t}`);
      id += gap;
      ids[i] = id;
    }
    if (id >= vocabulary) throw damaged(`has the id ${id} of a vocabulary of ${vocabulary}`);
    if (coding === 'counts') {
      let rest = draws;
      for (let i = at; i < end - 1; i += 1) {
        const count = countCodes.read(reader);
        if (count === 0) throw damaged(`has an impossible count at position ${t}`);
        rest -= count;
        weights[i] = count / draws;
      }
      if (rest <= 0) throw damaged(`has more than ${draws} draws at position ${t}`);
      weights[end - 1] = rest / draws;
    } else if (coding === 'logarithms') {
      for (let i = at; i < end; i += 1) weights[i] = Math.exp(-reader.read(16) / LOG_STEPS);
    } else {
      for (let i = at; i < end; i += 1) weights[i] = readFloat(reader);
    }
    if (remaining !== undefined) remaining[t] = reader.read(16) / 65_535;
    at = end;
    offsets[t + 1] = at;
    if (reader.overrun) throw damaged('ends too early');
  }
  if (at !== entries || !reader.atEnd) throw damaged('holds more than it says');
  return { offsets, ids, weights, remaining };
}

function toCounts(weights: Float32Array, draws: number): Uint32Array {
  const counts = new Uint32Array(weights.length);
  for (let i = 0; i < counts.length; i += 1) counts[i] = Math.round(weights[i]! * draws);
  return counts;
}

function logCode(weight: number): number {
  if (!(weight > 0)) return 65_535;
  return Math.min(65_535, Math.max(0, Math.round(-Math.log(weight) * LOG_STEPS)));
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function writeFloat(writer: BitWriter, value: number): void {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
  writer.write(bits & 0xffff, 16);
  writer.write(bits >>> 16, 16);
}

function readFloat(reader: BitReader): number {
  const bits = (reader.read(16) | (reader.read(16) << 16)) >>> 0;
  return new Float32Array(Uint32Array.of(bits).buffer)[0]!;
}
