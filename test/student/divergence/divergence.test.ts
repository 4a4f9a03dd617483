/** Divergence: what ends a run, what does not, and which checkpoint a resume uses. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Random } from '../../../src/base/random.ts';
import { listCheckpoints, latestCheckpoint } from '../../../src/student/checkpoint/checkpoint.ts';
import {
  afterLoss,
  divergedAt,
  isSuspect,
  NO_LOSSES,
  type DivergenceRule,
  type OutOfRange,
} from '../../../src/student/divergence/divergence.ts';
import type { StudentEvent } from '../../../src/student/training/events.ts';
import { labelSource, tokenRows, trainSmall } from '../small-run.ts';
import { planPreset } from '../plans.ts';

const root = await mkdtemp(join(tmpdir(), 'brine-divergence-'));
after(() => rm(root, { recursive: true, force: true }));

const RULE: DivergenceRule = { patience: 100, threshold: 1, uniform: Math.log(4096) };

/** The step at which a series of losses ends the run; undefined if it does not. */
function endOf(
  losses: readonly number[],
  {
    rule = RULE,
    objective = () => 'plain',
  }: { rule?: DivergenceRule; objective?: (step: number) => string } = {},
): (OutOfRange & { step: number }) | undefined {
  let range = NO_LOSSES;
  for (const [step, loss] of losses.entries()) {
    range = afterLoss(range, { step, loss, objective: objective(step) }, rule);
    const out = divergedAt(range, rule);
    if (out) return { step, ...out };
  }
  const last = isSuspect(range, rule);
  return last && { step: losses.length, ...last };
}

/** Losses `level(step)` with Gaussian noise of this standard deviation. */
function series(steps: number, level: (step: number) => number, noise: number, seed = 1): number[] {
  const random = new Random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
  return Array.from({ length: steps }, (_, step) => Math.max(0, level(step) + noise * normal()));
}

/** Starts near ln 4096, then follows a power law. */
const learning = (step: number): number => 3 + 5.3 * (1 + step / 20) ** -0.7;

test('never reports normal training: warm-up, long runs, any noise of small batches', () => {
  for (const noise of [0.02, 0.1, 0.3, 1]) {
    for (let seed = 1; seed <= 10; seed += 1) {
      assert.equal(endOf(series(3000, learning, noise, seed)), undefined, `noise ${noise}, seed ${seed}`);
    }
  }
  const warmUp = (step: number) =>
    step < 60 ? 8.32 + 0.6 * Math.sin((Math.PI * step) / 60) : learning(step - 60);
  assert.equal(endOf(series(1500, warmUp, 0.1)), undefined);
});

test('constant losses are in range: a float16 run that skips its first updates, a rate of 0', () => {
  assert.equal(endOf(series(600, (step) => (step < 300 ? 8.32 : learning(step - 300)), 0.01)), undefined);
  assert.equal(endOf(series(600, () => 8.32, 0.5)), undefined);
});

test('a spike that the run recovers from does not end it, even over many steps', () => {
  const spike = (at: number, length: number) => (step: number) =>
    learning(step) + (step >= at && step < at + length ? 5 : 0);
  for (const length of [1, 5, 40]) assert.equal(endOf(series(2000, spike(900, length), 0.1)), undefined);
});

test('a change of objective does not end a run: another phase, or a fading weight', () => {
  const small = (step: number) => learning(step) + (step >= 500 ? 0.04 : 0);
  assert.equal(endOf(series(1500, small, 0.1)), undefined, 'the objective is the same');
  // The loss on a cold teacher's targets is low; on the hard labels after them it is higher.
  const cold = (step: number) => (step < 500 ? 0.3 * learning(step) : learning(step));
  const phase = (step: number) => (step < 500 ? '0 10' : '1 0');
  assert.equal(endOf(series(1500, cold, 0.1), { objective: phase }), undefined);
  const weight = (step: number) => Math.max(0, Math.min(1, 1 - (step - 300) / 400));
  const fading = (step: number) => learning(step) * (1 - 0.7 * weight(step));
  const faded = (step: number) => `${step < 700 ? 0 : 1} ${Math.round(10 * weight(step))}`;
  assert.equal(endOf(series(1500, fading, 0.1), { objective: faded }), undefined);
});

test('losses that stay out of range end the run; the error names the step where they left it', () => {
  const away = (to: number) => (step: number) => (step < 700 ? learning(step) : to);
  for (const to of [5, 8, 168]) {
    const out = endOf(series(1500, away(to), 0.1));
    assert.ok(out, `to ${to}`);
    assert.equal(out.from, 700);
    assert.ok(out.step <= 700 + RULE.patience, `detected at step ${out.step}`);
  }
  const slow = endOf(series(3000, (step) => learning(step) + Math.max(0, step - 1000) / 300, 0.1));
  assert.ok(slow && slow.from > 1000 && slow.step < 1700, 'a slow rise too');
  const noisy = endOf(series(3000, (step) => (step < 1000 ? learning(step) : 8), 1));
  assert.ok(noisy && noisy.step < 1000 + RULE.patience);
});

test('losses that were never in range end a run soon, however short it is planned', () => {
  const out = endOf(series(300, (step) => (step < 3 ? 8.3 : 168), 0.5));
  assert.ok(out && out.from === 3 && out.step < 20);
  assert.ok(
    endOf(series(300, (step) => (step < 20 ? 8.3 : 10), 0.1))!.step < 130,
    'worse than a uniform guess',
  );
  assert.ok(endOf([8.3, 8.4, 9, 12, 15, 14]), 'a run of six steps');
  assert.equal(endOf([8.3, 8.4, 8.9, 8.3]), undefined);
});

test('a longer patience and a larger threshold tolerate more', () => {
  const away = series(1500, (step) => (step < 700 ? learning(step) : 5), 0.1);
  assert.equal(endOf(away, { rule: { ...RULE, threshold: 3 } }), undefined);
  const there = series(1500, (step) => (step >= 700 && step < 900 ? 5 : learning(step)), 0.1);
  assert.ok(endOf(there));
  assert.equal(endOf(there, { rule: { ...RULE, patience: 500 } }), undefined);
});

const checkpoints = (folder: string, every: number) => ({
  root: join(root, folder),
  every,
  keep: 3,
  identities: { recipe: 'r' },
});
const SMALL: DivergenceRule = { patience: 6, threshold: 1, uniform: Math.log(64) };

test('a run with far too high a learning rate ends naming the latest good checkpoint, on every rank alike', async () => {
  const saved = checkpoints('ranks', 4);
  const learningRate = (step: number) => (step < 12 ? 1e-3 : 30);
  const outcomes = await Promise.allSettled(
    [1, 2].map((ranks) =>
      trainSmall({
        ranks,
        plan: planPreset('plain', { steps: 60 }),
        options: {
          learningRate,
          divergence: SMALL,
          checkpoints: { ...saved, root: join(saved.root, `${ranks}`) },
        },
      }),
    ),
  );
  for (const [at, outcome] of outcomes.entries()) {
    assert.ok(outcome.status === 'rejected');
    const { code, message } = outcome.reason as Error & { code: string };
    assert.equal(code, 'TRAINING_DIVERGED');
    const folder = join(saved.root, `${at + 1}`);
    const good = (await latestCheckpoint(folder))!;
    assert.match(
      message,
      /the loss of step \d+ is .* above its range .* since step \d+; the latest good checkpoint is/,
    );
    assert.ok(message.includes(good.folder), message);
    assert.ok(good.step <= 12, `${good.step} was trained at a good rate`);
  }
});

test('real runs with tiny batches are not ended: a change of phase, float16 with its loss scale', async () => {
  const rule = { ...SMALL, patience: 20 };
  const salt = planPreset('salt', { steps: 120, distilSteps: 60, weight: 0.667 });
  const learningRate = (step: number) => 3e-3 * Math.min(1, (step + 1) / 20);
  const options = { learningRate, divergence: rule };
  for (const run of [
    { plan: salt, labels: labelSource() },
    { plan: planPreset('plain', { steps: 80 }), precision: 'fp16' as const },
  ]) {
    const [outcome] = await trainSmall({ ...run, batchRows: 1, options });
    const losses = outcome!.events.flatMap((event) => (event.event === 'step' ? [event.loss] : []));
    assert.equal(losses.length, outcome!.result.steps);
    assert.equal(
      endOf(losses, { rule, objective: (step) => `${run.plan === salt && step < 60}` }),
      undefined,
    );
  }
});

test('a resume after divergence uses the latest good checkpoint; bad ones are renamed', async () => {
  const saved = checkpoints('resume', 2);
  const run = (learningRate: (step: number) => number, from = 0) =>
    trainSmall({
      plan: planPreset('plain', { steps: 24 }),
      ...(from > 0 && { resume: { folder: join(saved.root, `step-${from}`), step: from } }),
      options: { learningRate, divergence: SMALL, checkpoints: saved, from },
    });
  await assert.rejects(
    run((step) => (step < 7 ? 1e-3 : 1e20)),
    { code: 'TRAINING_DIVERGED' },
  );
  const { step } = (await latestCheckpoint(saved.root))!;
  assert.equal(step, 6);
  const [outcome] = await run(() => 1e-3, step);
  assert.equal(outcome!.result.steps, 24);
  assert.equal((await latestCheckpoint(saved.root))!.step, 24);
});

test('renames a checkpoint whose next loss is not finite', async () => {
  const saved = checkpoints('aside', 1);
  const learningRate = (step: number) => (step < 3 ? 1e-3 : 1e30);
  const work = trainSmall({
    plan: planPreset('plain', { steps: 8 }),
    options: { learningRate, checkpoints: saved },
  });
  await assert.rejects(work, { code: 'TRAINING_DIVERGED', message: /latest good checkpoint is .*step-\d/ });
  const steps = (await listCheckpoints(saved.root)).map(({ step }) => step);
  assert.ok(Math.max(...steps) <= 3, `${steps.join(' ')} are left`);
  const names = await readdir(saved.root);
  assert.ok(
    names.every((name) => /^step-\d+(\.diverged)?$/.test(name)),
    names.join(' '),
  );
});

test('a non-finite validation loss ends the run and is not reported as an event', async () => {
  const events: StudentEvent[] = [];
  const validation = { tokens: tokenRows(7, 2), rows: 7, every: 1 };
  const work = trainSmall({
    plan: planPreset('plain', { steps: 4 }),
    prepare: async (program) => {
      const buckets = await program.lendParameters();
      buckets.at(-1)!.fill(NaN, 0, 4);
      await program.takeParameters({ buckets });
    },
    options: { validation, observe: (event) => events.push(event) },
  });
  await assert.rejects(work, {
    code: 'TRAINING_DIVERGED',
    message: /the validation loss after 0 steps is NaN/,
  });
  assert.deepEqual(events, []);
});

test('never saves non-finite parameters', async () => {
  const saved = checkpoints('parameters', 2);
  const work = trainSmall({
    plan: planPreset('plain', { steps: 4 }),
    options: { checkpoints: saved },
    afterStep: (_, step, program) => {
      if (step === 2)
        void program.lendParameters().then((buckets) => {
          buckets.at(-1)!.fill(Infinity, 0, 4);
          return program.takeParameters({ buckets });
        });
    },
  });
  await assert.rejects(work, { code: 'TRAINING_DIVERGED', message: /is Infinity at element/ });
  assert.deepEqual(
    (await listCheckpoints(saved.root)).map(({ step }) => step).filter((step) => step > 0),
    [],
  );
});
