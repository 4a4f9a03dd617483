/** Which runs a study needs next. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bestRate, keyOf, pendingJobs, type Job, type Result } from '../../src/study/schedule.ts';

const STUDY = {
  seeds: [1, 2, 3],
  rates: [1e-3, 2e-3],
  tuningSeeds: 1,
  arms: [{ name: 'plain' }, { name: 'salt' }],
};

function resultOf(job: Job, loss: number | undefined): Result {
  const evaluations = loss === undefined ? [] : [{ step: 1, loss, accuracy: 0 }];
  return { ...job, run: { ...job, folder: '', evaluations, flops: 1, seconds: 1, labelledRows: 0 } };
}

test('every rate runs with the tuning seeds, and then only the best rate with the others, in any order', () => {
  const losses = fc.array(fc.option(fc.double({ min: 1, max: 9, noNaN: true })), {
    minLength: 30,
    maxLength: 30,
  });
  const settings = fc.record({
    tuningSeeds: fc.integer({ min: 1, max: 3 }),
    picks: fc.array(fc.nat(), { minLength: 30, maxLength: 30 }),
    losses,
  });
  fc.assert(
    fc.property(settings, ({ tuningSeeds, picks, losses: given }) => {
      const study = { ...STUDY, tuningSeeds };
      const results: Result[] = [];
      for (let jobs = pendingJobs(study, results); jobs.length > 0; jobs = pendingJobs(study, results)) {
        const at = results.length;
        results.push(resultOf(jobs[picks[at]! % jobs.length]!, given[at] ?? undefined));
      }
      assert.equal(new Set(results.map(keyOf)).size, results.length);
      assert.equal(results.length, 2 * (2 * tuningSeeds + 3 - tuningSeeds));
      for (const { name } of study.arms) {
        const best = bestRate(study, name, results)!;
        const seeds = results
          .filter((one) => one.arm === name && one.learningRate === best)
          .map(({ seed }) => seed);
        assert.deepEqual(
          seeds.toSorted((a, b) => a - b),
          [1, 2, 3],
        );
      }
    }),
  );
});

test('the best rate has the lowest mean loss over the tuning seeds, and a diverged run loses', () => {
  const at = (learningRate: number, seed: number) => ({ arm: 'plain', learningRate, seed });
  const study = { ...STUDY, tuningSeeds: 2 };
  const three = [resultOf(at(1e-3, 1), 3), resultOf(at(1e-3, 2), 5), resultOf(at(2e-3, 1), 2)];
  assert.equal(bestRate(study, 'plain', three), undefined);
  assert.equal(bestRate(study, 'plain', [...three, resultOf(at(2e-3, 2), 5)]), 2e-3);
  assert.equal(bestRate(study, 'plain', [...three, resultOf(at(2e-3, 2), undefined)]), 1e-3);
});
