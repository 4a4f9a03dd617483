/**
 * Measures the size and the quality of soft labels.
 *
 *     npm run -s bench -- labels --json                # with a real teacher (models.ts); 20 minutes
 *     npm run -s bench -- labels --json teacher=none   # size and speed of synthetic labels; seconds
 *
 * With a teacher: the angle between a student's gradient under cached labels and under the teacher's
 * full distribution (ω = 1, all parameters, the same held-out rows), for each drawing rule, at several
 * budgets of bytes and several temperatures. Labels are drawn, encoded and decoded by the shipped code;
 * multinomial labels count 3 bytes an id, as published.
 */
import { readFile } from 'node:fs/promises';
import { Scope } from '../../../src/base/scope.ts';
import { identityHash } from '../../../src/labels/identity.ts';
import { openData } from '../../../src/inputs/prepared-data.ts';
import { round } from '../figures.ts';
import { codecFigures, type MadeRow } from './codec.ts';
import { LabelCases, type CaseFigures } from './cases.ts';
import { benchIdentity, drawLabels, type DrawOptions, type Rows } from './draws.ts';
import { labelModels, POSITIONS, VOCABULARY, type LabelModels } from './models.ts';
import { plotAngles, type LabelsFigures } from './plot.ts';
import { syntheticRows } from './synthetic.ts';
import { numbersOf, type BenchOptions } from '../bench.ts';

const BUDGETS = [8, 16, 24, 36, 50, 100];
const DRAWS = 50;

/**
 * Settings: teacher=runs/bench-teacher rows=8 (for gradients) codecRows=32 (for record sizes)
 * temperatures=0.25,0.5,1,2 budgets=8,16,24,36,50,100 threads=2 repeats=15 plot=FILE.svg
 * figures=FILE (plots previously printed records without measuring). With teacher=none also
 * vocabulary=50257 draws=50 positions=512.
 */
export async function* bench({ settings }: BenchOptions): AsyncGenerator<LabelsFigures> {
  const setting = numbersOf(settings);
  const repeats = setting('repeats', 15);
  const { plot, figures: printed } = settings;
  if (plot !== undefined && printed !== undefined) {
    await plotAngles(plot, await readFigures(printed));
    return;
  }
  yield* synthetic({
    vocabulary: setting('vocabulary', VOCABULARY),
    draws: setting('draws', DRAWS),
    rows: setting('rows', 8),
    positions: setting('positions', POSITIONS),
    repeats,
  });
  const folder = settings['teacher'] ?? 'runs/bench-teacher';
  if (folder === 'none') return;
  const list = (name: string, fallback: readonly number[]) =>
    settings[name]?.split(',').map(Number) ?? fallback;
  const figures: LabelsFigures[] = [];
  for await (const figure of withTeacher(await labelModels(folder), {
    rows: setting('rows', 8),
    codecRows: setting('codecRows', 32),
    threads: setting('threads', 2),
    temperatures: list('temperatures', [0.25, 0.5, 1, 2]),
    budgets: list('budgets', BUDGETS),
    repeats,
  })) {
    figures.push(figure);
    yield figure;
  }
  if (plot !== undefined) await plotAngles(plot, figures);
}

async function readFigures(path: string): Promise<LabelsFigures[]> {
  const text = await readFile(path, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LabelsFigures);
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
  readonly codecRows: number;
  readonly threads: number;
  readonly temperatures: readonly number[];
  readonly budgets: readonly number[];
  readonly repeats: number;
}

async function* withTeacher(
  { teacher, student, data }: LabelModels,
  { rows: count, codecRows, threads, temperatures, budgets, repeats }: TeacherSettings,
): AsyncGenerator<LabelsFigures> {
  const scope = new Scope();
  try {
    const { validation } = scope.use(await openData(data));
    if (!validation) throw new Error(`${data} has no validation rows`);
    const rowsOf = (many: number): Rows => {
      const numbers = Array.from({ length: many }, (_, i) => Math.floor((i * validation.rows) / many));
      return { numbers, tokens: numbers.map((row) => validation.read(row)) };
    };
    const drawing = { teacher: teacher.folder, vocabulary: VOCABULARY, positions: POSITIONS, threads };
    const common = {
      bench: 'labels',
      labels: 'teacher',
      vocabulary: VOCABULARY,
      positions: POSITIONS,
    } as const;
    const made = await sampledRows(rowsOf(codecRows), drawing);
    yield {
      ...common,
      tokens: codecRows * POSITIONS,
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
    const cases = scope.use(
      await LabelCases.open({ ...drawing, student: student.folder, rows: rowsOf(count) }),
    );
    for (const temperature of temperatures) {
      for await (const figure of cases.at({ temperature, budgets, draws: DRAWS }))
        yield { ...common, tokens: count * POSITIONS, ...rounded(figure) };
    }
  } finally {
    await scope.close();
  }
}

/** Fifty draws a position from the teacher at temperature 1, as input of the codec. */
async function sampledRows(rows: Rows, drawing: DrawOptions): Promise<MadeRow[]> {
  const rule = { kind: 'sampled', draws: DRAWS, temperature: 1, seed: 1 } as const;
  const { labels } = await drawLabels(rule, rows, drawing);
  const identity = identityHash(await benchIdentity(drawing.teacher, rule));
  return labels.map((row, at) => ({
    labels: row,
    form: { identity, tokens: rows.tokens[at]!, rule, vocabulary: VOCABULARY },
  }));
}

/** The teacher's mean loss and entropy over the benchmark's rows, nats. */
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
