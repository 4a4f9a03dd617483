/**
 * A student rank without sockets, in a process of its own: trains, evaluates, copies its state, and
 * prints its peak memory in bytes.
 */
import { join } from 'node:path';
import { packageRoot } from '../../../../src/base/files/files.ts';
import { readModelConfig } from '../../../../src/model/index.ts';
import { create } from '../../../../src/student/program/program.ts';
import { batchTargets } from '../../../../src/student/training/targets.ts';

const [model, ...numbers] = process.argv.slice(2);
const [rows, positions, ...widths] = numbers.map(Number) as [number, number, ...number[]];
const config = await readModelConfig(join(packageRoot(), 'models', model!));
const program = await create({
  config,
  rows,
  positions,
  targetWidths: widths,
  optimizer: { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8, decay: 0.1, clip: 1 },
  engine: { threads: 1, device: 'cpu' },
  seed: 1,
});
const batch = Array.from({ length: rows }, (_, row) =>
  Uint32Array.from({ length: positions + 1 }, (__, at) => (row * 31 + at * 7) % config.vocabularySize),
);
let buckets = await program.gradientBuckets();
for (let step = 0; step < 2 * widths.length; step += 1) {
  const width = widths[step % widths.length]!;
  const targets = batchTargets(batch, [], { weight: 0, width });
  const made = await program.gradients({ targets, buckets });
  const updated = await program.update({ buckets: made.buckets, step, learningRate: 1e-3, scale: 1 });
  buckets = updated.buckets;
}
await program.evaluate({ rows: batch });
const copy = await program.state();
process.stdout.write(
  JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024, arrays: copy.length }) + '\n',
);
await program.close();
