/**
 * Laws of the rules that adapt a plan: a rule without effect changes no bit, what has been left is
 * trained as a plain phase, resumed equals uninterrupted, and all ranks decide alike.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { listCheckpoints, readCheckpoint } from '../../../src/student/checkpoint/checkpoint.ts';
import { BUCKETS, bucketOf, heldOutTeacher } from '../../../src/student/rules/held-out-teacher.ts';
import type { LeaveRule } from '../../../src/student/rules/leave.ts';
import type { ListenRule } from '../../../src/student/rules/listen.ts';
import { Teaching } from '../../../src/student/rules/teaching.ts';
import type { StepEvent } from '../../../src/student/training/events.ts';
import type { DistilPhase, Plan } from '../../../src/student/training/plan.ts';
import { rowsAt } from '../../../src/student/training/plan.ts';
import { batchTargets } from '../../../src/student/training/targets.ts';
import type { TrainerOptions } from '../../../src/student/training/trainer-options.ts';
import {
  contextOf,
  dataOrderOf,
  labelSource,
  tokenRows,
  trainSmall,
  type RankOutcome,
  type SmallRun,
} from '../../student/small-run.ts';

const VALIDATION_ROWS = 5;
const teacher = heldOutTeacher(Array.from({ length: VALIDATION_ROWS }, (_, row) => contextOf(row)));
/** A teacher that every student has passed from the start. */
const passed = { ...teacher, loss: 99, buckets: teacher.buckets.map((own) => ({ ...own, loss: 99 })) };

const DISTIL: DistilPhase = { kind: 'distil', steps: 9, rows: 'all', weight: 0.6, fade: 'none' };

function planOf(phase: Partial<DistilPhase>): Plan {
  return [
    { ...DISTIL, ...phase },
    { kind: 'plain', steps: 3 },
  ];
}

interface Rules {
  readonly plan: Plan;
  readonly held?: typeof teacher;
  readonly root?: string;
  readonly resume?: { folder: string; step: number };
  readonly ranks?: number;
  readonly more?: Partial<TrainerOptions>;
}

/** Evaluates and saves every 3 steps. */
async function train({ plan, held = teacher, root, resume, ranks = 1, more }: Rules) {
  const labels = labelSource({ context: true });
  const saved = resume && (await readCheckpoint(resume.folder)).teaching;
  const options: Partial<TrainerOptions> = {
    validation: {
      tokens: tokenRows(VALIDATION_ROWS, 2),
      rows: VALIDATION_ROWS,
      every: 3,
      buckets: {
        count: BUCKETS,
        of: (row) => Uint8Array.from(contextOf(row).entropy, (nats) => bucketOf(teacher, nats)),
      },
    },
    teaching: new Teaching(plan, held, saved),
    metrics: { gradientParts: 1 },
    prefetchSteps: 2,
    ...(root !== undefined && { checkpoints: { root, every: 1, keep: 20, identities: { data: 'd' } } }),
    ...more,
  };
  const run: SmallRun = { plan, ranks, labels, options, microRows: 2, ...(resume && { resume }) };
  const outcomes = await trainSmall(run);
  return {
    outcomes,
    hash: outcomes[0]!.hash,
    weights: weightsOf(outcomes[0]!),
    asked: new Set(labels.asked),
  };
}

function weightsOf({ events }: RankOutcome): number[] {
  return events.filter((event): event is StepEvent => event.event === 'step').map(({ weight }) => weight);
}

const NO_EFFECT: readonly Partial<DistilPhase>[] = [
  { listen: { rule: 'entropy', above: 0 } },
  { listen: { rule: 'realised', topK: 99 } },
  { listen: { rule: 'bias-variance', unit: 1e9 } },
  { leave: { when: 'held-out', margin: 99, over: 2 } },
  { leave: { when: 'bucket', margin: 99, smoothing: 0.5, over: 2 } },
  { leave: { when: 'angle', above: 180, times: 1, over: 2 } },
  { fade: 'cosine', to: 0.6 },
];

test('a rule of constant weight equals the plan without rule, bit for bit', async () => {
  const { hash } = await train({ plan: planOf({}) });
  for (const phase of NO_EFFECT)
    assert.equal((await train({ plan: planOf(phase) })).hash, hash, JSON.stringify(phase));
});

test('a phase of weight 0 with rules equals the plain run, and requests no labels', async () => {
  const plain = await train({ plan: [{ kind: 'plain', steps: 12 }] });
  const phase = { weight: 0, listen: { rule: 'entropy', above: 1 }, leave: LEAVES[0]! } as const;
  const none = await train({ plan: planOf(phase) });
  assert.equal(none.hash, plain.hash);
  assert.equal(none.asked.size, 0);
});

const LEAVES: readonly LeaveRule[] = [
  { when: 'held-out', margin: 0, over: 2 },
  { when: 'bucket', margin: 0, smoothing: 0.5, over: 2 },
  { when: 'angle', above: 0, times: 1, over: 2 },
];

for (const leave of LEAVES) {
  test(`${leave.when}: what has been left is trained as a plain phase, without labels`, async () => {
    // The angle is not known before the first step, so that rule leaves at the second evaluation.
    const at = leave.when === 'angle' ? 3 : 0;
    const left = await train({ plan: planOf({ leave }), held: passed });
    // A fade of a plan begins with its full weight too.
    const first: DistilPhase = { ...DISTIL, steps: at + 2, fade: 'linear', over: 2 };
    const fixed: Plan = [first, { kind: 'plain', steps: 12 - at - 2 }];
    const planned = await train({ plan: fixed });
    if (leave.when !== 'bucket') assert.deepEqual(left.weights, planned.weights);
    assert.equal(left.hash, planned.hash, 'bit for bit');
    const needed = Array.from({ length: at + 4 }, (_, step) => rowsAt(dataOrderOf(fixed), step)).flat();
    assert.ok([...left.asked].every((row) => needed.includes(row)));
  });

  for (const ranks of [1, 2]) {
    test(`${leave.when}: resumed equals uninterrupted, before, in and after the fade (${ranks} ranks)`, async (t) => {
      const root = await temporary(t);
      const plan = planOf({ leave, listen: { rule: 'bias-variance', unit: 4 } });
      const whole = await train({ plan, held: passed, root, ranks });
      assert.equal(new Set(whole.outcomes.map(({ hash }) => hash)).size, 1);
      assert.ok(whole.outcomes.every((outcome) => String(weightsOf(outcome)) === String(whole.weights)));
      for (const resume of (await listCheckpoints(root)).filter(({ step }) => step < 7)) {
        const resumed = await train({ plan, held: passed, resume, ranks });
        assert.equal(resumed.hash, whole.hash, `from step ${resume.step}`);
      }
    });
  }
}

test('a stop between commit and evaluation loses no decision', async (t) => {
  const root = await temporary(t);
  const plan = planOf({ leave: { when: 'angle', above: 0, times: 1, over: 2 } });
  const whole = await train({ plan });
  const stop = new AbortController();
  const more: Partial<TrainerOptions> = {
    signal: stop.signal,
    observe: (event) => {
      if (event.event === 'step' && event.step === 2) stop.abort();
    },
  };
  await train({ plan, root, more });
  const resume = (await listCheckpoints(root)).at(-1)!;
  assert.equal(resume.step, 3);
  assert.equal((await train({ plan, resume })).hash, whole.hash);
});

test('weights sum to 1 at each position, whatever the rule', async () => {
  const rules: readonly ListenRule[] = [
    { rule: 'bias-variance', unit: 3 },
    { rule: 'entropy', dropLowest: 0.15 },
    { rule: 'realised', topK: 5 },
  ];
  const rows = [0, 1, 2].map((row) => tokenRows(3).read(row));
  for (const [listen, topk] of rules.flatMap((rule) => [[rule, false] as const, [rule, true] as const])) {
    const teaching = new Teaching(planOf({ listen }), teacher);
    const { targetWeights, width, remaining } = batchTargets(
      rows,
      await labelSource({ context: true, topk }).fetch([0, 1, 2]),
      {
        weight: 0.7,
        width: 4,
        rest: topk ? 'ghost' : 'renormalise',
        listen: (own) => teaching.weights(8, own),
      },
    );
    for (let n = 0; n * width < targetWeights.length; n += 1) {
      const own = targetWeights.subarray(n * width, (n + 1) * width);
      const sum = own.reduce((a, b) => a + b, remaining?.[n] ?? 0);
      assert.ok(Math.abs(sum - 1) < 1e-6, `${sum}`);
    }
  }
});

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'brine-rules-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}
