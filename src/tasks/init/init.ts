import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { BrineError } from '../../base/errors.ts';
import { writeFileWhole } from '../../base/files/files.ts';
import { openCorpus } from '../../data/corpus/corpus.ts';
import { readTokenizer } from '../../data/tokenizer/tokenizer.ts';
import { configDocument, readModelConfig } from '../../model/index.ts';
import { findCheckpoint } from '../../recipe/find-checkpoint.ts';
import { tokenizerPath } from '../../inputs/prepared-data.ts';
import { measureMachine, type Machine } from './machine.ts';
import { millions, minutes, saltRecipe, smallRecipe, type RecipeNames } from './recipe-text.ts';
import { parameterCount } from './model-sizes.ts';
import { sizeRun, type GivenTeacher, type Sizing } from './sizing.ts';

/**
 * Options of `brine init`, which writes recipes for a corpus with sizes that fit its text, this
 * machine and a budget.
 */
export interface InitOptions {
  readonly corpus: string;
  /** Model folder or run folder of the teacher. Without it, a small model is trained first. */
  readonly teacher?: string | undefined;
  readonly budgetSeconds: number;
  readonly device: 'cpu' | 'cuda';
  /** Folder for the recipes. */
  readonly out: string;
}

export interface InitReport {
  readonly files: readonly string[];
  readonly corpusBytes: number;
  readonly machine: Machine;
  readonly sizing: Sizing;
  readonly next: readonly string[];
}

/** Compressed formats, and by how much their text is larger. */
const PACKED = /\.(gz|zst|bz2|xz|parquet)$/i;
const UNPACKED_TIMES = 3;

/**
 * Writes the recipes. Throws FILE_EXISTS before writing anything, DEVICE_MISSING, and as openCorpus
 * and sizeRun.
 */
export async function init(options: InitOptions): Promise<{ report: InitReport; text: string }> {
  const { corpus, device, out, budgetSeconds } = options;
  const folder = options.teacher === undefined ? undefined : await findCheckpoint(options.teacher);
  const files = filesOf(out, folder === undefined);
  refuseExisting(files);
  const corpusBytes = await textBytes(corpus);
  const machine = await measureMachine(device);
  const places = placesOf(device);
  const sizing = sizeRun({
    corpusBytes,
    budgetSeconds,
    flopsPerSecond: machine.flopsPerSecond,
    memoryBytes: machine.memoryBytes / places.ranks,
    teacher: folder === undefined ? undefined : await givenTeacher(folder),
  });
  const models = { smallModel: here(out, 'models/slm'), studentModel: here(out, 'models/llm') };
  await write(files, sizing, { corpus, device, teacher: folder, ...models, ...places });
  const written = Object.values(files).filter((file) => file !== undefined);
  const report = { files: written, corpusBytes, machine, sizing, next: nextCommands(files) };
  return { report, text: textOf(report) };
}

interface Files {
  readonly salt: string;
  readonly student: string;
  readonly slm: string | undefined;
  readonly small: string | undefined;
}

function filesOf(out: string, trainsSmall: boolean): Files {
  return {
    salt: join(out, 'salt.yaml'),
    student: join(out, 'models', 'llm', 'config.json'),
    slm: trainsSmall ? join(out, 'slm.yaml') : undefined,
    small: trainsSmall ? join(out, 'models', 'slm', 'config.json') : undefined,
  };
}

function refuseExisting(files: Files): void {
  for (const file of Object.values(files)) {
    if (file === undefined || !existsSync(file)) continue;
    throw new BrineError('FILE_EXISTS', `${file} already exists`, {
      hint: 'Set another folder with --out, or move the file. Nothing was written.',
    });
  }
}

async function textBytes(corpus: string): Promise<number> {
  const { files } = await openCorpus(corpus);
  return files.reduce(
    (sum, { bytes, source }) => sum + bytes * (PACKED.test(source) ? UNPACKED_TIMES : 1),
    0,
  );
}

async function givenTeacher(folder: string): Promise<GivenTeacher> {
  const config = await readModelConfig(folder);
  const { vocabularySize } = await readTokenizer(tokenizerPath(folder));
  return { vocabularySize, maxPositions: config.maxPositions, parameters: parameterCount(config) };
}

/**
 * Ranks and threads: two ranks share the cores, so that a first run uses the ring; a GPU has one
 * rank.
 */
function placesOf(device: 'cpu' | 'cuda'): { ranks: number; threads: number } {
  const cores = availableParallelism();
  const ranks = device === 'cpu' && cores > 1 ? 2 : 1;
  return { ranks, threads: Math.max(1, Math.floor(cores / ranks)) };
}

/** Path in a recipe, relative to the working folder in which brine is started. */
function here(out: string, path: string): string {
  const file = relative('.', join(out, path));
  return file.startsWith('..') || file.startsWith('/') ? file : `./${file}`;
}

async function write(files: Files, sizing: Sizing, names: RecipeNames): Promise<void> {
  const config = (of: Sizing['student']) => `${JSON.stringify(configDocument(of.config), null, 2)}\n`;
  await mkdir(join(files.student, '..'), { recursive: true });
  await writeFileWhole(files.student, config(sizing.student));
  if (sizing.small && files.small !== undefined && files.slm !== undefined) {
    await mkdir(join(files.small, '..'), { recursive: true });
    await writeFileWhole(files.small, config(sizing.small));
    await writeFileWhole(files.slm, smallRecipe(sizing, names));
  }
  await writeFileWhole(files.salt, saltRecipe(sizing, names));
}

function nextCommands({ slm, salt }: Files): string[] {
  const sample = "brine generate runs/salt --prompt 'Once'";
  if (slm === undefined) return [`brine train ${salt} --dry-run`, `brine train ${salt}`, sample];
  return [`brine train ${slm}`, `brine train ${salt}`, sample];
}

function textOf({ files, corpusBytes, machine, sizing, next }: InitReport): string {
  const { student, small, epochs, boundBy, row, rows, vocabulary } = sizing;
  const speed = `${Math.round(machine.flopsPerSecond / 1e9)} GFLOP/s on ${machine.cores} cores`;
  const bound = boundBy === 'corpus' ? 'limited by the corpus' : 'limited by the budget';
  const model = (name: string, of: Sizing['student']) =>
    `${name}  ${millions(of.parameters)} parameters · ${of.steps} steps · rate ${of.learningRate} · about ${minutes(of.seconds)}`;
  return [
    `corpus   ${(corpusBytes / 1e6).toFixed(1)} MB · ${vocabulary} ids · rows of ${row} tokens`,
    `machine  ${speed}`,
    ...(small ? [model('small  ', small)] : []),
    model('student', student),
    `batch    ${rows} rows · ${epochs.toFixed(1)} epochs: ${bound}`,
    `wrote    ${files.join(' ')}`,
    'next:',
    ...next.map((command) => `  ${command}`),
  ].join('\n');
}
