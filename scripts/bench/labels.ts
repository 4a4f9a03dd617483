/**
 * What a soft label costs and what it is worth.
 *
 *     npm run -s bench -- labels --json                  # with a real teacher: see labels-models.ts; about 20 minutes
 *     npm run -s bench -- labels --json teacher=none     # bytes and speed on made-up labels alone: seconds
 *
 * With a teacher: the angle between a student's gradient under cached labels and under the teacher's full distribution (ω = 1, all
 * parameters, the same held-out rows), for each way to draw, at several budgets of bytes and temperatures. Labels are drawn, encoded
 * and decoded by the shipped code; multinomial ones are charged the published 3 bytes an id.
 */
import { Scope } from '../../src/base/scope.ts';
import { identityHash } from '../../src/labels/identity.ts';
import { openData } from '../../src/run/prepare.ts';
import { codecFigures, round } from './labels-codec.ts';
import { LabelCases, type CaseFigures } from './labels-cases.ts';
import { benchIdentity, type Rows } from './labels-draws.ts';
import { labelModels, POSITIONS, VOCABULARY, type LabelModels } from './labels-models.ts';
import { plotAngles } from './labels-plot.ts';
import { syntheticRows } from './labels-synthetic.ts';
import type { BenchOptions } from './main.ts';

export interface LabelsFigures extends Record<string, unknown> {
  readonly bench: 'labels';
  readonly labels: 'synthetic' | 'teacher';
  readonly rule: 'sampled' | 'multinomial' | 'topk';
  readonly vocabulary: number;
  readonly bytesPerToken: number;
}

const BUDGETS = [8, 16, 24, 36, 50, 100];
const DRAWS = 50;

/**
 * Settings: teacher=runs/bench-teacher rows=4 temperatures=0.25,0.5,1,2 budgets=8,16,24,36,50,100 threads=2 repeats=15
 * plot=FILE.svg; for teacher=none also vocabulary=50257 draws=50 positions=512.
 */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<LabelsFigures> {
  const setting = (name: string, usual: number) => Number(settings[name] ?? usual);
  const repeats = setting('repeats', 15);
  yield* synthetic({
    vocabulary: setting('vocabulary', VOCABULARY),
    draws: setting('draws', DRAWS),
    rows: setting('rows', 8),
    positions: setting('positions', POSITIONS),
    repeats,
  });
  const folder = settings['teacher'] ?? 'runs/bench-teacher';
  if (folder === 'none') return;
  const list = (name: string, usual: readonly number[]) => settings[name]?.split(',').map(Number) ?? usual;
  const figures: LabelsFigures[] = [];
  for await (const figure of withTeacher(await labelModels(folder), {
    rows: setting('rows', 4),
    threads: setting('threads', 2),
    temperatures: list('temperatures', [0.25, 0.5, 1, 2]),
    budgets: list('budgets', BUDGETS),
    repeats,
  })) {
    figures.push(figure);
    yield figure;
  }
  if (settings['plot'] !== undefined) await plotAngles(settings['plot'], figures);
}

interface SyntheticSettings {
  readonly vocabulary: number;
  readonly draws: number;
  readonly rows: number;
  readonly positions: number;
  readonly repeats: number;
}

async function* synthetic({ repeats, ...options }: SyntheticSettings): AsyncGenerator<LabelsFigures> {
  for (const rule of ['sampled', 'multinomial'] as const) {
    const { draws, vocabulary, positions } = options;
    const made = syntheticRows({ rule, ...options });
    yield {
      bench: 'labels',
      labels: 'synthetic',
      rule,
      draws,
      vocabulary,
      positions,
      ...codecFigures(made, repeats),
    };
  }
}

interface TeacherSettings {
  readonly rows: number;
  readonly threads: number;
  readonly temperatures: readonly number[];
  readonly budgets: readonly number[];
  readonly repeats: number;
}

async function* withTeacher(
  { teacher, student, data }: LabelModels,
  { rows: count, threads, temperatures, budgets, repeats }: TeacherSettings,
): AsyncGenerator<LabelsFigures> {
  const scope = new Scope();
  try {
    const { validation } = scope.use(await openData(data));
    const numbers = Array.from({ length: count }, (_, i) => Math.floor((i * validation.rows) / count));
    const rows: Rows = { numbers, tokens: numbers.map((row) => validation.read(row)) };
    const cases = scope.use(
      await LabelCases.open({
        teacher: teacher.folder,
        student: student.folder,
        vocabulary: VOCABULARY,
        positions: POSITIONS,
        threads,
        rows,
      }),
    );
    const common = {
      bench: 'labels' as const,
      labels: 'teacher' as const,
      vocabulary: VOCABULARY,
      positions: POSITIONS,
      tokens: count * POSITIONS,
    };
    const rule = { kind: 'sampled', draws: DRAWS, temperature: 1, seed: 1 } as const;
    const drawn = await cases.draw(rule);
    const identity = identityHash(await benchIdentity(teacher.folder, rule));
    const made = drawn.labels.map((labels, at) => ({
      labels,
      form: { identity, tokens: rows.tokens[at]!, rule, vocabulary: VOCABULARY },
    }));
    yield {
      ...common,
      rule: 'sampled',
      draws: DRAWS,
      temperature: 1,
      ...codecFigures(made, repeats),
      teacher: {
        steps: teacher.steps,
        validationLoss: round(teacher.validationLoss, 3),
        ...meansOf(made.flatMap(({ labels }) => (labels.context ? [labels.context] : []))),
      },
      student: { steps: student.steps, validationLoss: round(student.validationLoss, 3) },
    };
    for (const temperature of temperatures) {
      for await (const figure of cases.at({ temperature, budgets, draws: DRAWS }))
        yield { ...common, ...rounded(figure) };
    }
  } finally {
    await scope.close();
  }
}

/** The teacher's mean loss and entropy over the rows of the benchmark, nats. */
function meansOf(columns: readonly { trueLogProb: Float32Array; entropy: Float32Array }[]) {
  const mean = (of: (column: (typeof columns)[number]) => Float32Array) => {
    const values = columns.flatMap((column) => Array.from(of(column)));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    loss: round(-mean(({ trueLogProb }) => trueLogProb), 3),
    entropy: round(
      mean(({ entropy }) => entropy),
      3,
    ),
  };
}

function rounded(figure: CaseFigures): CaseFigures {
  return {
    ...figure,
    bytesPerToken: round(figure.bytesPerToken, 2),
    distinctIds: round(figure.distinctIds, 2),
    gradientAngleDegrees: round(figure.gradientAngleDegrees, 2),
    gradientNormRatio: round(figure.gradientNormRatio, 3),
  };
}
