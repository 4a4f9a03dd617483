/**
 * A ring that shrinks and grows: no row is skipped or trained twice, all ranks have identical
 * parameters, and only rounding changes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { spanOf, shareOf } from '../../src/student/training/batches.ts';
import type { Plan } from '../../src/student/training/plan.ts';
import { ElasticRun, type ElasticOptions } from '../support/runs/elastic-run.ts';
import { settledSteps, stepFault, type StepReport } from '../../src/report/elastic-steps.ts';
import { labelSource } from '../student/small-run.ts';

const STEPS = 24;
const PLAN: Plan = [
  { kind: 'distil', steps: STEPS / 2, rows: 'all', weight: 0.6, fade: 'none' },
  { kind: 'plain', steps: STEPS / 2 },
];
const BASE: Omit<ElasticOptions, 'ranks' | 'leastRanks'> = {
  plan: PLAN,
  batchRows: 8,
  labels: () => labelSource(),
};

/**
 * Losses by step. Checks that all ranks agree, and that each step's rows were trained once by the
 * ring that committed it.
 */
function checked(run: ElasticRun, { killed = [] }: { killed?: readonly number[] } = {}): number[] {
  const steps = settledSteps(run.steps);
  return Array.from({ length: STEPS }, (_, at) => {
    const reports = steps.get(at + 1) ?? [];
    assert.ok(reports.length > 0, `step ${at + 1} was trained`);
    assert.equal(stepFault(reports, BASE.batchRows), undefined, `step ${at + 1}: ${JSON.stringify(reports)}`);
    assert.ok(reports[0]!.ranks - reports.length <= killed.length, `step ${at + 1}: live ranks are missing`);
    return reports[0]!.loss;
  });
}

function near(found: readonly number[], expected: readonly number[]): void {
  expected.forEach((loss, at) =>
    assert.ok(Math.abs(found[at]! - loss) < 1e-4 * loss, `step ${at + 1}: ${found[at]} instead of ${loss}`),
  );
}

function sizes(run: ElasticRun): number[] {
  const steps = settledSteps(run.steps);
  return Array.from({ length: STEPS }, (_, at) => steps.get(at + 1)![0]!.ranks);
}

test('a run of four that permanently loses a rank continues with three, and learns as an undisturbed run', async () => {
  const whole = await ElasticRun.to({ ...BASE, ranks: 4, leastRanks: 4 }, [0, 1, 2, 3]);
  const expected = checked(whole);
  for (const victim of [0, 2]) {
    const run = await ElasticRun.to(
      {
        ...BASE,
        ranks: 4,
        leastRanks: 2,
        afterStep: (own, rank, { step }) => {
          if (rank === victim && step === 6) own.kill(victim);
        },
      },
      [0, 1, 2, 3],
    );
    const found = checked(run, { killed: [victim] });
    assert.deepEqual([sizes(run)[0], sizes(run).at(-1)], [4, 3]);
    near(found, expected);
    assert.deepEqual(
      [...run.hashes.keys()].toSorted((a, b) => a - b),
      [0, 1, 2, 3].filter((rank) => rank !== victim),
    );
    assert.equal(new Set(run.hashes.values()).size, 1, 'all ranks have identical parameters');
    assert.ok(run.events.some(({ kind }) => kind === 'dropped'));
  }
});

test('a ring of two shrinks to one and grows to two again, between steps', async () => {
  const expected = checked(await ElasticRun.to({ ...BASE, ranks: 2, leastRanks: 2 }, [0, 1]));
  for (const victim of [0, 1]) {
    let killed = false;
    const run = await ElasticRun.to(
      {
        ...BASE,
        ranks: 2,
        leastRanks: 1,
        afterStep: (own, rank, { step, ranks }) => {
          if (rank === victim && step === 5 && !killed) {
            killed = true;
            own.kill(victim);
          }
          if (ranks === 1 && step === 8) own.hold = own.start(victim);
        },
      },
      [0, 1],
    );
    near(checked(run, { killed: [victim] }), expected);
    const found = sizes(run);
    assert.deepEqual([found[0], found[7], found.at(-1)], [2, 1, 2]);
    assert.deepEqual(
      found.toSorted((a, b) => b - a).filter((size) => size === 1),
      found.filter((size) => size === 1),
    );
    assert.equal(run.hashes.size, 2);
    assert.equal(new Set(run.hashes.values()).size, 1, 'all ranks have identical parameters');
  }
});

test('a run begins with fewer ranks than its maximum, and admits the others when they arrive', async () => {
  const run = await ElasticRun.to(
    {
      ...BASE,
      ranks: 4,
      leastRanks: 1,
      joinWithinMs: 400,
      afterStep: (own, rank, { step }) => {
        if (rank === 1 && step === 3) own.hold = Promise.all([0, 2, 3].map((other) => own.start(other)));
      },
    },
    [1],
  );
  const found = sizes(run);
  assert.deepEqual([found[0], found.at(-1)], [1, 4]);
  checked(run);
  assert.equal(new Set(run.hashes.values()).size, 1);
  assert.equal(run.hashes.size, 4);
});

test('a lost rank that returns in time gets its place back, and the final parameters equal an undisturbed run bit for bit', async () => {
  const whole = await ElasticRun.to({ ...BASE, ranks: 3, leastRanks: 3, batchRows: 6 }, [0, 1, 2]);
  let killed = false;
  const run = await ElasticRun.to(
    {
      ...BASE,
      ranks: 3,
      leastRanks: 1,
      batchRows: 6,
      returnWithinMs: 10_000,
      replaces: true,
      afterStep: (own, rank, { step }) => {
        if (rank !== 1 || step !== 7 || killed) return;
        killed = true;
        own.kill(1);
      },
    },
    [0, 1, 2],
  );
  assert.ok(killed);
  assert.ok(run.steps.every(({ ranks }) => ranks === 3));
  assert.deepEqual(new Set(run.hashes.values()), new Set(whole.hashes.values()));
});

test('losing a rank while the ring forms costs no other rank its place', async () => {
  const victims = [1, 2];
  const run = await ElasticRun.to(
    {
      ...BASE,
      ranks: 4,
      leastRanks: 1,
      afterStep: (own, rank, { step }) => {
        if (rank === 1 && step === 4) own.kill(1);
      },
      observe: (own, event) => {
        if (event.kind === 'ringFormed' && event.ranks === 3) own.kill(2);
      },
    },
    [0, 1, 2, 3],
  );
  checked(run, { killed: victims });
  assert.equal(sizes(run).at(-1), 2);
  const lost = run.events.flatMap((event) => (event.kind === 'dropped' ? [event.name] : []));
  assert.deepEqual(lost, ['student-1', 'student-2']);
});

test('ranks that join and leave at random lose no step and no row', async () => {
  const expected = checked(await ElasticRun.to({ ...BASE, ranks: 4, leastRanks: 4 }, [0, 1, 2, 3]));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ step: fc.integer({ min: 1, max: STEPS - 3 }), rank: fc.nat(3) }), {
        maxLength: 5,
      }),
      async (plan) => {
        const there = new Set([0, 1, 2, 3]);
        let left = plan;
        const run = await ElasticRun.to(
          {
            ...BASE,
            ranks: 4,
            leastRanks: 1,
            returnWithinMs: 50,
            afterStep: (own, teller, { step }) => {
              if (teller !== Math.min(...there)) return;
              const now = left.filter((one) => one.step <= step);
              left = left.filter((one) => one.step > step);
              for (const { rank } of now) {
                if (!there.has(rank)) {
                  there.add(rank);
                  void own.start(rank);
                } else if (there.size > 1) {
                  there.delete(rank);
                  own.kill(rank);
                }
              }
            },
          },
          [0, 1, 2, 3],
        );
        near(checked(run, { killed: [0, 1, 2, 3] }), expected);
        assert.equal(new Set(run.hashes.values()).size, 1);
      },
    ),
    { numRuns: 6, seed: 4 },
  );
});

test('with too few ranks, the run ends at once if none can join, and otherwise after its deadline, naming the missing ranks', async () => {
  const some = { ...BASE, ranks: 4, leastRanks: 3, joinWithinMs: 400 };
  const losing =
    (ranks: readonly number[]) =>
    (own: ElasticRun, rank: number, { step }: StepReport | { step: number }) => {
      if (rank === 0 && step === 2) for (const victim of ranks) own.kill(victim);
    };
  await assert.rejects(ElasticRun.to({ ...some, afterStep: losing([2, 3]) }, [0, 1, 2, 3]), {
    code: 'ROLE_FAILED',
    message: 'student-3 was killed',
  });
  await assert.rejects(ElasticRun.to(some, [1, 3]), {
    code: 'JOIN_TIMEOUT',
    message:
      'student-0, student-2 did not join within 0.4 s; joined: student-1, student-3 (at least 3 students are needed)',
  });
});

test('shares are contiguous whole micro-batches that differ by at most one, and equal where they divide evenly', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 24 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(),
      (parts, unit, draw) => {
        const ranks = 1 + (draw % parts);
        const rows = Array.from({ length: parts * unit }, (_, i) => i);
        const shares = rows.slice(0, ranks).map((rank) => shareOf(rows, { rank, ranks }, unit));
        assert.deepEqual(shares.flat(), rows);
        for (const [rank, { length }] of shares.entries()) {
          assert.ok(
            length === unit * Math.floor(parts / ranks) || length === unit * Math.ceil(parts / ranks),
          );
          assert.equal(
            spanOf(rows.length, { rank, ranks }, unit).end - spanOf(rows.length, { rank, ranks }, unit).begin,
            length,
          );
          if (parts % ranks === 0) assert.deepEqual(shares[rank], shareOf(rows, { rank, ranks }));
        }
      },
    ),
  );
});
