/**
 * node dist/scripts/bench/step/gpu-table.js LINES: formats records of the gpu benchmark as Markdown.
 * Exits with 1 when a record fails.
 */
import { readFileSync } from 'node:fs';

type GpuRecord = Readonly<Record<string, unknown>>;

const lines = readFileSync(process.argv[2] ?? '', 'utf8')
  .trim()
  .split('\n');
const records = lines.map((line) => JSON.parse(line) as GpuRecord);
const ofPart = (part: string): GpuRecord[] => records.filter((record) => record['part'] === part);
const [machine] = ofPart('machine');
const speeds = ofPart('speed');
const correct = ofPart('correct');

console.log(
  `${text(machine, 'name')}${machine?.['processor'] ? `, ${text(machine, 'processor')}` : ''}, onnxruntime-node on ${text(machine, 'device')}`,
);
console.log('');
table(correct, [
  ['precision', 'precision'],
  ['accumulate', 'accumulated'],
  ['lossDifference', 'loss difference (nats)'],
  ['gradientDegrees', 'gradient angle (degrees)'],
  ['good', 'within tolerance'],
]);
const [first] = speeds;
console.log(
  `${text(first, 'model')}, ${text(first, 'microBatches')} micro-batches of ${text(first, 'rows')} × ${text(first, 'positions')} tokens:\n`,
);
table(speeds, [
  ['precision', 'precision'],
  ['accumulate', 'accumulated'],
  ['tokensPerSecond', 'tokens/s'],
  ['gradientSeconds', 'gradients (s)'],
  ['updateSeconds', 'update (s)'],
  ['transferSeconds', 'transfers (s)'],
  ['transferShare', 'share of gradients'],
]);
process.exitCode =
  correct.length > 0 && speeds.length > 0 && correct.every(({ good }) => good === true) ? 0 : 1;

function text(record: GpuRecord | undefined, key: string): string {
  const value = record?.[key];
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function table(
  rows: readonly GpuRecord[],
  columns: readonly (readonly [key: string, title: string])[],
): void {
  console.log(`| ${columns.map(([, title]) => title).join(' | ')} |`);
  console.log(`|${columns.map(() => ' --- ').join('|')}|`);
  for (const row of rows) console.log(`| ${columns.map(([key]) => text(row, key)).join(' | ')} |`);
  console.log('');
}
