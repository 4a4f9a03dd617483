/** Intervals, summaries and verdicts of studies. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Random } from '../../src/base/random.ts';
import { intervalOf } from '../../src/report/statistics.ts';
import type { StudyArm, StudyRun } from '../../src/report/study-record.ts';
import { summarize } from '../../src/report/study-summary.ts';
import { formatStudy } from '../../src/report/study-table.ts';
import { verdictsOf } from '../../src/report/verdict.ts';

test('the 95% interval contains the true mean in 95% of samples of three', () => {
  const random = new Random(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
  const samples = 20_000;
  let hits = 0;
  for (let i = 0; i < samples; i += 1) {
    const { low, high } = intervalOf([1 + normal(), 1 + normal(), 1 + normal()])!;
    if (low <= 1 && high >= 1) hits += 1;
  }
  assert.ok(Math.abs(hits / samples - 0.95) < 0.005, `${hits} of ${samples}`);
});

test('an interval moves and stretches with its values', () => {
  const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(values, fc.double({ min: -9, max: 9, noNaN: true }), (own, shift) => {
      const [before, after] = [intervalOf(own)!, intervalOf(own.map((value) => 2 * value + shift))!];
      for (const bound of ['low', 'mean', 'high'] as const)
        assert.ok(Math.abs(after[bound] - (2 * before[bound] + shift)) < 1e-8);
    }),
  );
  assert.equal(intervalOf([]), undefined);
  assert.deepEqual(intervalOf([3]), { mean: 3, low: 3, high: 3, count: 1 });
});

/** A run whose loss falls linearly from 8 to `end` in `steps` steps. */
function run(seed: number, end: number, steps = 100): StudyRun {
  const evaluations = Array.from({ length: 11 }, (_, i) => ({
    step: (i * steps) / 10,
    loss: 8 + ((end - 8) * i) / 10,
    accuracy: 0,
  }));
  return {
    seed,
    learningRate: 1e-3,
    folder: '',
    evaluations,
    flops: steps,
    seconds: 2 * steps,
    labelledRows: 0,
  };
}

function arm(name: string, runs: readonly StudyRun[], helpFlops = 0): StudyArm {
  return { name, plan: name, steps: 100, learningRate: 1e-3, runs, tuning: [], helpFlops };
}

function study(...arms: StudyArm[]) {
  return {
    format: 'brine-study-1',
    name: 's',
    baseline: 'plain',
    seeds: [1, 2],
    learningRates: [1e-3],
    arms,
  } as const;
}

const PLAIN = arm('plain', [run(1, 4), run(2, 5)]);

test('each seed is compared with the same seed of the baseline, so their common spread does not count', () => {
  const salt = arm('salt', [run(1, 3), run(2, 4)], 30);
  const [plain, helped] = summarize(study(PLAIN, salt));
  assert.equal(plain!.difference, undefined);
  assert.deepEqual(helped!.difference, { mean: -1, low: -1, high: -1, count: 2 });
  const { steps, compute, computeWithoutHelp, seconds, paysFromStudents } = helped!.passes!;
  // seed 1 passes 4 after 4/5 of the steps, seed 2 passes 5 after 3/4
  assert.ok(Math.abs(steps!.mean - (0.8 + 0.75) / 2) < 1e-12);
  assert.ok(Math.abs(computeWithoutHelp!.mean - steps!.mean) < 1e-12);
  assert.ok(Math.abs(seconds!.mean - steps!.mean) < 1e-12);
  assert.ok(Math.abs(compute!.mean - steps!.mean - 0.3) < 1e-12);
  assert.equal(paysFromStudents, 2); // saves 0.225, and help costs 0.3
});

test('an arm with fewer steps is charged its own steps', () => {
  const short = arm('short', [run(1, 4, 50), run(2, 5, 50)]);
  const { steps, compute } = summarize(study(PLAIN, short))[1]!.passes!;
  assert.deepEqual([steps!.mean, compute!.mean], [0.5, 0.5]);
});

test('a verdict claims a difference only if the interval excludes 0, and names its uncertainty', () => {
  const better = arm('better', [run(1, 3), run(2, 4.01)], 30);
  const unclear = arm('unclear', [run(1, 3), run(2, 6)]);
  const worse = arm('worse', [run(1, 5), run(2, 6.01)]);
  const single = arm('single', [run(1, 3)]);
  const record = study(PLAIN, better, unclear, worse, single);
  const verdicts = verdictsOf(summarize(record), 'plain');
  assert.match(
    verdicts[0]!,
    /^better ends 0\.995 nats below plain \(95% interval -1\.\d+ to -0\.9\d+, 2 seeds\)\. It reaches plain's final loss with 2\d% fewer steps \(95% interval .*\); with all help charged to one student it needs 8% more compute, and it saves from 2 students on\.$/,
  );
  assert.match(
    verdicts[1]!,
    /^unclear does not end measurably better or worse .* It reaches plain's final loss with 1 of 2 seeds\.$/,
  );
  assert.match(verdicts[2]!, /^worse ends 1\.005 nats above plain .* It never reaches plain's final loss\.$/);
  assert.match(verdicts[3]!, /with one seed, which shows nothing about its uncertainty/);
  const table = formatStudy(summarize(record), 'plain').split('\n');
  assert.equal(table.length, 6);
  for (const line of table) assert.ok(line.length <= 80, line);
});

test('a diverged run counts as never reaching the loss', () => {
  const diverged: StudyRun = { ...run(2, 4), evaluations: [] };
  const [, helped] = summarize(study(PLAIN, arm('salt', [run(1, 3), diverged])));
  assert.deepEqual([helped!.passes!.count, helped!.passes!.of], [1, 2]);
  assert.equal(helped!.diverged, 1);
  assert.equal(helped!.finalLoss!.mean, 3);
  assert.match(verdictsOf([helped!], 'plain')[0]!, /1 of 2 seeds diverged/);
});
