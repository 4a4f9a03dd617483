/**
 * Distils a trained run into a new one, whose only teacher is this process, and then repeats the distillation
 * from the stored labels without a teacher. Both runs end with the same parameters, to the bit.
 *
 *     node distil.js TRAINED RUN
 */
import { env, argv } from 'node:process';
import { replay, teach, train, type AttachReport } from 'brine';

const [trained = 'runs/example', run = 'runs/distilled'] = argv.slice(2);
const labels = `${run}-labels`;
const settings = {
  recipe: `${trained}/recipe.yaml`, // every run folder has its recipe
  environment: env,
};
const set = {
  run,
  'data.prepared': `${trained}/data`, // the teacher and the student must read the same tokens
  plan: [{ distil: '8 steps', weight: 0.667 }],
  teacher: { checkpoint: trained },
  labels: { draws: 8, folder: labels },
  'roles.teachers': 0, // the run starts no teacher of its own
};

let teaching: Promise<AttachReport> | undefined;
const first = await train({
  ...settings,
  set,
  observe(event) {
    if (event.kind === 'snapshot' && event.snapshot.cache) teaching ??= teach({ run });
  },
});
const report = await teaching;
console.log(`the teacher drew labels for ${report?.rows} rows`);

const again = await replay({ ...settings, set: { ...set, run: `${run}-again` }, labels });
console.log(`the replay has ${again.parameters === first.parameters ? 'the same' : 'other'} parameters`);
