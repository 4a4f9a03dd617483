import type { BitReader, BitWriter } from './bits.ts';
import { damaged } from './header.ts';

/**
 * The symbol distribution of a context, shared by encoder and decoder: frequencies that sum to
 * 1024, derived from levels. Level l > 0 has the weight 2^(-(l-1)/2); level 0 means that the symbol
 * does not occur. It is written as one bit (whether the context occurs), 6 bits for the greatest
 * symbol, and for each symbol up to it the difference between its level and the level of the last
 * occurring symbol (1 before the first).
 */
export const SLOT_BITS = 10;
export const SLOTS = 1 << SLOT_BITS;
export const SYMBOL_BITS = 6;
export const SYMBOLS = 1 << SYMBOL_BITS;
/** Upper bound of one distribution: 7 bits, plus at most 13 for each symbol. */
export const LONGEST_BYTES = 105;

/** 1024 · 2^(-(level - 1)/2), rounded. */
const WEIGHTS = [
  0, 1024, 724, 512, 362, 256, 181, 128, 91, 64, 45, 32, 23, 16, 11, 8, 6, 4, 3, 2, 1,
] as const;

/**
 * Level differences 1, 0, 2, -1, 3, -2, … have the codes 0, 1, 2, 4, 5, …, the most likely first.
 * Code 3 marks a symbol that does not occur. A code is written as code >> 2 ones and a zero, then
 * its low two bits.
 */
const ABSENT = 3;
const STEP_BITS = 2;
const MAX_ONES = 10;

/** Computes the levels of all symbols up to the greatest that occurs. */
export function levelsOf(counts: Uint32Array): Uint8Array {
  let total = 0;
  let size = 0;
  for (let symbol = 0; symbol < SYMBOLS; symbol += 1) {
    if (counts[symbol] === 0) continue;
    total += counts[symbol]!;
    size = symbol + 1;
  }
  const levels = new Uint8Array(size);
  for (let symbol = 0; symbol < size; symbol += 1) {
    if (counts[symbol] === 0) continue;
    const wanted = (counts[symbol]! / total) * SLOTS;
    let level = 1;
    while (level + 1 < WEIGHTS.length && 2 * wanted < WEIGHTS[level]! + WEIGHTS[level + 1]!) level += 1;
    levels[symbol] = level;
  }
  return levels;
}

export function writeLevels(writer: BitWriter, levels: Uint8Array): void {
  writer.write(Number(levels.length > 0), 1);
  if (levels.length === 0) return;
  writer.write(levels.length - 1, SYMBOL_BITS);
  let last = 1;
  for (const level of levels) {
    const code = level === 0 ? ABSENT : codeOfStep(level - last);
    writer.write((1 << (code >>> STEP_BITS)) - 1, (code >>> STEP_BITS) + 1);
    writer.write(code & ((1 << STEP_BITS) - 1), STEP_BITS);
    if (level > 0) last = level;
  }
}

export function readLevels(reader: BitReader): Uint8Array {
  if (reader.read(1) === 0) return new Uint8Array(0);
  const levels = new Uint8Array(reader.read(SYMBOL_BITS) + 1);
  let last = 1;
  for (let symbol = 0; symbol < levels.length; symbol += 1) {
    let ones = 0;
    while (reader.read(1) === 1) if (++ones > MAX_ONES) throw damaged('has an impossible distribution');
    const code = (ones << STEP_BITS) | reader.read(STEP_BITS);
    if (code === ABSENT) continue;
    last += stepOfCode(code);
    if (last < 1 || last >= WEIGHTS.length) throw damaged('has an impossible distribution');
    levels[symbol] = last;
  }
  if (levels.at(-1) === 0) throw damaged('has an impossible distribution');
  return levels;
}

function codeOfStep(step: number): number {
  const order = step >= 1 ? 2 * (step - 1) : 1 - 2 * step;
  return order < ABSENT ? order : order + 1;
}

function stepOfCode(code: number): number {
  const order = code < ABSENT ? code : code - 1;
  return order % 2 === 0 ? order / 2 + 1 : (1 - order) / 2;
}

/**
 * Fills in start << 16 | frequency for each occurring symbol. Each frequency is 1 plus a share by
 * weight of the rest of 1024. The rounding remainder goes to the most likely symbol, or to the
 * first of several.
 */
export function setRanges(ranges: Uint32Array, levels: Uint8Array): void {
  let [total, occurring] = [0, 0];
  for (const level of levels) {
    total += WEIGHTS[level]!;
    occurring += Number(level > 0);
  }
  let [sum, likeliest] = [0, 0];
  for (let symbol = 0; symbol < levels.length; symbol += 1) {
    if (levels[symbol] === 0) continue;
    ranges[symbol] = 1 + Math.floor((WEIGHTS[levels[symbol]!]! * (SLOTS - occurring)) / total);
    sum += ranges[symbol]!;
    if (ranges[symbol]! > ranges[likeliest]!) likeliest = symbol;
  }
  ranges[likeliest]! += SLOTS - sum;
  let start = 0;
  for (let symbol = 0; symbol < levels.length; symbol += 1) {
    const frequency = ranges[symbol]!;
    ranges[symbol] = (start << 16) | frequency;
    start += frequency;
  }
}
