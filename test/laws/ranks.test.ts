/**
 * Law 3: all ranks have identical parameters after every step. N ranks equal one rank with N×
 * accumulation.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepEvent } from '../../src/student/training/events.ts';
import type { Plan } from '../../src/student/training/plan.ts';
import { labelSource, trainSmall, type RankOutcome } from '../student/small-run.ts';

const PLAN: Plan = [
  { kind: 'distil', steps: 3, rows: 'all', weight: 0.6, fade: 'linear' },
  { kind: 'plain', steps: 3 },
];

for (const optimizer of ['adamw', 'adafactor'] as const) {
  test(`three ranks have identical parameters after every step (${optimizer})`, async () => {
    const hashes = new Map<number, Promise<string>[]>();
    const outcomes = await trainSmall({
      plan: PLAN,
      ranks: 3,
      batchRows: 6,
      optimizer,
      labels: labelSource(),
      afterStep: (_, step, program) => {
        const list = hashes.get(step) ?? [];
        list.push(program.parameterHash());
        hashes.set(step, list);
      },
    });
    const seen = new Set<string>();
    for (const [step, list] of hashes) {
      const found = await Promise.all(list);
      assert.equal(found.length, 3);
      assert.equal(new Set(found).size, 1, `the ranks differ after step ${step}`);
      seen.add(found[0]!);
    }
    assert.equal(seen.size, 6, 'the parameters change at every step');
    assert.equal(new Set(outcomes.map(({ hash }) => hash)).size, 1);
    assert.deepEqual(outcomes.map(losses)[1], losses(outcomes[0]!), 'all ranks report the same loss');
  });
}

for (const wire of ['bf16', 'int8'] as const) {
  test(`ranks with wire format ${wire} have identical parameters, and learn as with float32`, async () => {
    const run = { plan: [{ kind: 'plain', steps: 20 } as const], ranks: 3, batchRows: 6 };
    const [exact] = await trainSmall(run);
    const outcomes = await trainSmall({ ...run, wire });
    assert.equal(new Set(outcomes.map(({ hash }) => hash)).size, 1);
    assert.deepEqual(outcomes.map(losses)[1], losses(outcomes[0]!), 'all ranks report the same loss');
    const [expected, found] = [losses(exact!), losses(outcomes[0]!)];
    assert.notDeepEqual(found, expected, 'gradients are rounded');
    assert.equal(found[0], expected[0], 'the loss is not');
    expected.forEach((loss, at) =>
      assert.ok(Math.abs(found[at]! - loss) < 0.01 * loss, `step ${at + 1}: ${found[at]} instead of ${loss}`),
    );
  });
}

test('N ranks equal one rank with N times the accumulation, within rounding', async () => {
  const run = { plan: PLAN, batchRows: 8 };
  const [one] = await trainSmall({ ...run, labels: labelSource(), microBatches: 4 });
  for (const [ranks, microBatches] of [
    [2, 2],
    [4, 1],
  ] as const) {
    const outcomes = await trainSmall({ ...run, labels: labelSource(), ranks, microBatches });
    const [expected, found] = [losses(one!), losses(outcomes[0]!)];
    expected.forEach((loss, at) =>
      assert.ok(Math.abs(found[at]! - loss) < 2e-5 * loss, `step ${at + 1}: ${found[at]} instead of ${loss}`),
    );
    assert.ok(expected.at(-1)! < expected[0]!, 'it learns');
  }
});

test('ranks with uneven shares of micro-batches equal one rank with all of them, within rounding', async () => {
  const run = { plan: PLAN, batchRows: 8, microRows: 1 };
  const [one] = await trainSmall({ ...run, labels: labelSource() });
  const expected = losses(one!);
  for (const ranks of [2, 3, 5, 8]) {
    const outcomes = await trainSmall({ ...run, labels: labelSource(), ranks });
    const steps = outcomes.map(({ events }) =>
      events.find((event): event is StepEvent => event.event === 'step')!,
    );
    const rows = steps.map((event) => event.rows);
    assert.equal(
      Math.max(...rows) - Math.min(...rows),
      8 % ranks === 0 ? 0 : 1,
      `${ranks} ranks: ${rows.join()}`,
    );
    assert.equal(new Set(outcomes.map(({ hash }) => hash)).size, 1);
    losses(outcomes[0]!).forEach((loss, at) =>
      assert.ok(
        Math.abs(loss - expected[at]!) < 2e-5 * expected[at]!,
        `${ranks} ranks, step ${at + 1}: ${loss} instead of ${expected[at]}`,
      ),
    );
  }
});

function losses({ events }: RankOutcome): number[] {
  return events.filter((event): event is StepEvent => event.event === 'step').map(({ loss }) => loss);
}
