/**
 * Evaluates every checkpoint of a run, and gives up after a minute.
 *
 *     node evaluate.js RUN
 */
import { readdir } from 'node:fs/promises';
import { argv } from 'node:process';
import { evaluate } from 'brine';

const [run = 'runs/example'] = argv.slice(2);
const signal = AbortSignal.timeout(60_000);

for (const name of (await readdir(`${run}/checkpoints`)).toSorted()) {
  if (!name.startsWith('step-')) continue;
  const step = name.slice('step-'.length);
  const { loss, accuracy, rows } = await evaluate({ checkpoint: `${run}@${step}`, threads: 1, signal });
  console.log(
    `step ${step}: loss ${loss.toFixed(3)}, accuracy ${(accuracy * 100).toFixed(1)}% on ${rows} rows`,
  );
}
