/**
 * Trains a tiny model on a text, and shows its progress. The recipe is one that Brine ships; `set` makes it
 * small enough for a few seconds.
 *
 *     node train.js TEXT RUN
 */
import { env, argv } from 'node:process';
import { BrineError, train } from 'brine';

const [corpus = 'README.md', run = 'runs/example'] = argv.slice(2);
const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort()); // the run then saves a checkpoint and ends

try {
  const result = await train({
    recipe: 'cluster/nano-plain.yaml',
    set: {
      run,
      data: { corpus, vocabulary: 300, row: 16, validation: '10%' },
      'student.model': 'models/micro-tied',
      batch: { rows: 4 },
      plan: [{ plain: '300 steps' }],
      'evaluate.every': '100 steps',
      'checkpoint.every': '100 steps',
      'roles.ranks': 1,
    },
    environment: env,
    signal: interrupt.signal,
    observe(event) {
      if (event.kind !== 'snapshot' || !event.snapshot.students) return;
      const { step, steps, loss } = event.snapshot.students;
      if (step > 0) console.log(`step ${step} of ${steps}: loss ${loss.toFixed(3)}`);
    },
  });
  console.log(
    `validation loss ${result.validationLoss?.toFixed(3)} after ${result.steps} steps in ${result.run}`,
  );
} catch (error) {
  if (!(error instanceof BrineError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.hint}`);
  process.exitCode = 1;
}
