import type { Sizing, TrainingSize } from './sizing.ts';

/** Names and numbers in the recipes that `brine init` writes. */
export interface RecipeNames {
  readonly corpus: string;
  readonly device: 'cpu' | 'cuda';
  readonly ranks: number;
  readonly threads: number;
  /** Model folder of a given teacher. */
  readonly teacher: string | undefined;
  /** Folders of the architectures, as paths in the recipes. */
  readonly smallModel: string;
  readonly studentModel: string;
}

/** Recipe of the small model. */
export function smallRecipe(sizing: Sizing, names: RecipeNames): string {
  const small = sizing.small!;
  return [
    `# The small model that becomes the teacher: ${millions(small.parameters)} parameters, about ${minutes(small.seconds)} on this machine.`,
    'run: runs/slm',
    ...data(sizing, names),
    `student: { model: ${quoted(names.smallModel)}, seed: 1 }`,
    'plan:',
    `  - { plain: ${small.steps} steps }`,
    ...training(sizing, small, names),
    `evaluate: { every: ${every(small.steps, 4)} steps }`,
    `checkpoint: { every: ${every(small.steps, 4)} steps, keep: 2 }`,
    '',
  ].join('\n');
}

/** Recipe of the student: SALT, which leaves the teacher once the student is as good (docs/results.md). */
export function saltRecipe(sizing: Sizing, names: RecipeNames): string {
  const { student, distilSteps } = sizing;
  const plainSteps = student.steps - distilSteps;
  return [
    `# The large model, trained with SALT: ${millions(student.parameters)} parameters, about ${minutes(student.seconds)} on this machine.`,
    'run: runs/salt',
    ...data(sizing, names),
    `teacher: { checkpoint: ${quoted(names.teacher ?? 'runs/slm')} }`,
    `student: { model: ${quoted(names.studentModel)}, seed: 1 }`,
    'labels: { rule: sampled, draws: 50, folder: runs/labels }',
    'plan:',
    `  - { distil: ${distilSteps} steps, weight: 0.667, leave: { when: held-out } }`,
    ...(plainSteps > 0 ? [`  - { plain: ${plainSteps} steps }`] : []),
    ...training(sizing, student, names),
    `evaluate: { every: ${every(student.steps, 10)} steps }`,
    `checkpoint: { every: ${every(student.steps, 5)} steps, keep: 2 }`,
    '',
  ].join('\n');
}

function data({ vocabulary, row }: Sizing, { corpus, teacher }: RecipeNames): string[] {
  const tokenizer =
    teacher === undefined ? `vocabulary: ${vocabulary}` : `tokenizer: ${quoted(`${teacher}/tokenizer.json`)}`;
  return [
    'data:',
    `  corpus: ${quoted(corpus)}`,
    `  ${tokenizer}`,
    `  row: ${row}`,
    '  validation: 2%',
    '  prepared: runs/data',
  ];
}

function training(
  { rows }: Sizing,
  { learningRate, warmup }: TrainingSize,
  { ranks, threads, device }: RecipeNames,
): string[] {
  return [
    `batch: { rows: ${rows} }`,
    'optimizer:',
    `  adamw: { rate: ${learningRate}, betas: [0.9, 0.95], decay: 0.1, clip: 1 }`,
    `  schedule: { warmup: ${warmup} steps, decay: cosine to 10% }`,
    `roles: { ranks: ${ranks}, threads: ${threads}, device: ${device} }`,
  ];
}

function every(steps: number, parts: number): number {
  return Math.max(1, Math.ceil(steps / parts));
}

/** Quotes a path for YAML if necessary. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : JSON.stringify(path);
}

export function millions(count: number): string {
  return count < 1e9 ? `${(count / 1e6).toPrecision(2)}M` : `${(count / 1e9).toPrecision(2)}B`;
}

export function minutes(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
