import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { packageRoot } from '../../../src/base/files/files.ts';
import { initialParameters, parameterSpecs, readModelConfig } from '../../../src/model/index.ts';
import {
  evaluateRows,
  evaluationIds,
  EvaluationSession,
  type EvaluationModel,
} from '../../../src/student/program/evaluation.ts';
import { allocate, flatLayout, tensorsOf } from '../../../src/tensor/layout.ts';
import { POSITIONS, tokenRows } from '../small-run.ts';

const ROWS = 4;
const { read } = tokenRows(40);

async function smallModel(t: TestContext): Promise<EvaluationModel> {
  const config = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters(config, 3, { layout, buckets });
  const engine = { threads: 1, device: 'cpu' } as const;
  const shape = { rows: ROWS, positions: POSITIONS };
  const session = await EvaluationSession.open({ config, ...shape, engine, seldom: false });
  t.after(() => session.close());
  return session.modelWith(tensorsOf({ layout, buckets }));
}

test('the rows that pad a batch change no bit of the other rows', async (t) => {
  const model = await smallModel(t);
  const counted = 3 * POSITIONS;
  const repeated = evaluationIds([0, 1, 2].map(read), ROWS);
  const zeros = { tokens: repeated.tokens.slice(), labels: repeated.labels.slice() };
  zeros.tokens.fill(0n, counted);
  zeros.labels.fill(0n, counted);
  const [one, other] = [await model.run(repeated), await model.run(zeros)];
  const columns = ({ logProbability, rank }: typeof one) => [Array.from(logProbability), Array.from(rank)];
  assert.notDeepEqual(columns(one), columns(other), 'the padding differs');
  const first = (values: ArrayLike<number>[]) => values.map((column) => Array.from(column).slice(0, counted));
  assert.deepEqual(first(columns(one)), first(columns(other)));
});

test('a partial batch counts its own rows only', async (t) => {
  const model = await smallModel(t);
  const parts = [
    await evaluateRows(model, { count: ROWS, read }),
    await evaluateRows(model, { count: 1, read: () => read(ROWS) }),
  ];
  const whole = await evaluateRows(model, { count: ROWS + 1, read });
  const sum = (of: (part: typeof whole) => number) => of(parts[0]!) + of(parts[1]!);
  assert.deepEqual(whole, {
    lossSum: sum(({ lossSum }) => lossSum),
    correct: sum(({ correct }) => correct),
    positions: (ROWS + 1) * POSITIONS,
  });
  assert.ok(Math.abs(whole.lossSum / whole.positions - Math.log(64)) < 0.2, 'an untrained model guesses');
});
