import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BrineError } from '../../../src/base/errors.ts';
import { allRows, listedRows } from '../../../src/data/tokens/batches.ts';
import {
  checkPlan,
  labelDemand,
  phaseAt,
  planSteps,
  rowsAt,
  weightAt,
  type DataOrder,
  type DistilPhase,
  type Phase,
  type Plan,
  type Rows,
} from '../../../src/student/training/plan.ts';
import { planPreset, type PresetOptions } from '../plans.ts';

const invalid = (error: unknown) => error instanceof BrineError && error.code === 'CONFIG_INVALID';

test('finds the phase of a step, and refuses steps outside the plan', () => {
  const plan = planPreset('salt', { steps: 10, distilSteps: 4 });
  assert.equal(planSteps(plan), 10);
  assert.deepEqual(
    [0, 3, 4, 9].map((step) => phaseAt(plan, step).step),
    [0, 3, 0, 5],
  );
  assert.deepEqual(
    [0, 3, 4, 9].map((step) => phaseAt(plan, step).index),
    [0, 0, 1, 1],
  );
  for (const step of [-1, 10]) assert.throws(() => phaseAt(plan, step), BrineError);
});

test('the weight is constant, falls linearly, or falls linearly as a ratio to the hard label', () => {
  const at = (plan: Plan) => Array.from({ length: planSteps(plan) }, (_, step) => weightAt(plan, step));
  const options: PresetOptions = { steps: 6, distilSteps: 4, weight: 0.8 };
  const close = (actual: number[], expected: number[]) =>
    actual.forEach((value, i) =>
      assert.ok(Math.abs(value - expected[i]!) < 1e-12, `${actual.join(' ')} ≠ ${expected.join(' ')}`),
    );
  close(at(planPreset('salt', options)), [0.8, 0.8, 0.8, 0.8, 0, 0]);
  close(at(planPreset('salt', { ...options, fade: 'linear' })), [0.8, 0.6, 0.4, 0.2, 0, 0]);
  close(at(planPreset('salt', { ...options, fade: 'linear', over: 2 })), [0.8, 0.8, 0.8, 0.4, 0, 0]);
  const ratios = at(planPreset('salt', { ...options, fade: 'linear-ratio' })).map((w) => w / (1 - w));
  close(ratios, [4, 3, 2, 1, 0, 0]);
});

test('refuses invalid plans', () => {
  const distil = (part: Partial<DistilPhase>): DistilPhase => ({
    kind: 'distil',
    steps: 4,
    rows: 'all',
    weight: 0.5,
    fade: 'none',
    ...part,
  });
  const bad: Plan[] = [
    [],
    [{ kind: 'plain', steps: 0 }],
    [{ kind: 'plain', steps: 4, smoothing: 1 }],
    [{ kind: 'plain', steps: 4, smoothing: -0.1 }],
    [distil({ steps: 1.5 })],
    [distil({ weight: 1.1 })],
    [distil({ weight: Number.NaN })],
    [distil({ weight: 1, fade: 'linear-ratio' })],
    [distil({ fade: 'linear', over: 5 })],
  ];
  for (const plan of bad) assert.throws(() => checkPlan(plan), invalid, JSON.stringify(plan));
  assert.throws(() => rowsAt(dataOrder([distil({ rows: 'selected' })], false), 0), invalid);
});

test('the label demand is the rows of the steps that need labels, in training order, from any step on', () => {
  const phase = fc.record({
    distil: fc.boolean(),
    steps: fc.integer({ min: 1, max: 5 }),
    selected: fc.boolean(),
    weight: fc.constantFrom(0, 0.5),
  });
  fc.assert(
    fc.property(fc.array(phase, { minLength: 1, maxLength: 4 }), fc.nat(20), (phases, from) => {
      const plan = phases.map(({ distil, steps, selected, weight }): Phase => {
        const rows: Rows = selected ? 'selected' : 'all';
        return distil
          ? { kind: 'distil', steps, rows, weight, fade: 'linear' }
          : { kind: 'plain', steps, rows };
      });
      const all = dataOrder(plan, true);
      const expected: number[] = [];
      for (let step = from; step < planSteps(plan); step += 1) {
        if (weightAt(plan, step) > 0) expected.push(...rowsAt(all, step));
      }
      const demand = labelDemand(all, from);
      assert.deepEqual(
        Array.from({ length: demand.length }, (_, i) => demand.at(i)),
        expected,
      );
    }),
  );
});

function dataOrder(plan: Plan, selection: boolean): DataOrder {
  const pools = { all: allRows(11), ...(selection ? { selected: listedRows([1, 4, 9], 11) } : {}) };
  return { plan, seed: 3, batchRows: 4, pools };
}
