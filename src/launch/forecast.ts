/**
 * The forecast that `--dry-run` prints beside the processes: size, memory and ring traffic of a
 * run, and which preconditions fail. Starts nothing.
 */
import { existsSync } from 'node:fs';
import { BrineError } from '../base/errors.ts';
import { openCorpus } from '../data/corpus/corpus.ts';
import { noCorpus } from '../data/prepare/earlier-data.ts';
import { modelIdentity, modelKind, parameterSpecs, readModelConfig } from '../model/index.ts';
import { bytesSentPerStep } from '../ring/traffic.ts';
import { MEMORY_FACTOR, peakOf, rankMemory, type RankMemory } from '../student/program/memory.ts';
import { teacherGraph } from '../teacher/graph.ts';
import { drawingRule } from '../inputs/label-rule.ts';
import { teacherFolder } from '../inputs/label-identity.ts';
import { faultsOf, type Precondition } from './preconditions.ts';
import { preparedFolder } from '../inputs/prepared-data.ts';
import { recipeText } from '../recipe/run-folder.ts';
import { withFixedPaths } from '../recipe/fixed-paths.ts';
import { distils, effectiveRecipe, recipeIdentity, selects, type Recipe } from '../recipe/recipe.ts';
import { selectionText } from '../recipe/selection/selection-text.ts';
import { sizeOfRun, type RunSize } from '../inputs/run-size.ts';
import { accumulationOf, optimizerOf, stepShapeOf } from '../worker/student/student-init.ts';
import { graphRows } from '../worker/teacher/teacher-engine.ts';

export interface Forecast {
  readonly identity: string;
  /** Null until the data is prepared. */
  readonly data: { readonly identity: string; readonly tokenizer: string; readonly rows: number } | null;
  readonly teacher: { readonly folder: string; readonly identity: string } | null;
  readonly parameters: number;
  readonly vocabulary: number;
  readonly ranks: number;
  readonly steps: number;
  readonly tokensPerStep: number;
  readonly tokensPerRankAndStep: number;
  readonly tokens: number;
  readonly epochs: number | null;
  /**
   * Estimated bytes of each rank and of each teacher engine. `teacher` is null if its architecture
   * is unknown.
   */
  readonly memory: {
    readonly rank: RankMemory;
    readonly teacher: { readonly parameters: number; readonly bytes: number } | null;
    readonly factor: number;
  };
  /** Bytes that each rank sends and receives in a step. */
  readonly wire: { readonly format: string; readonly sentPerStep: number; readonly receivedPerStep: number };
  readonly checks: readonly { readonly name: string; readonly good: boolean; readonly message?: string }[];
  readonly recipe: Partial<Recipe>;
}

export interface ForecastOptions {
  readonly recipe: Recipe;
  readonly replay?: string | undefined;
  /** Checks that the run does before it starts. */
  readonly conditions: readonly Precondition[];
}

/** Computes the forecast, its text for the terminal, and the first failure that would stop the run. */
export async function forecast(
  options: ForecastOptions,
): Promise<{ forecast?: Forecast; text: string; fault: BrineError | undefined }> {
  const { recipe } = options;
  const faults = await faultsOf([...options.conditions, dataCondition(withFixedPaths(recipe))]);
  const fault = [...faults.values()][0];
  if (faults.has('student')) return { text: checksText(options, faults), fault };
  const size = await sizeOfRun(recipe);
  const teacher = faults.has('teacher') || !draws(options) ? undefined : await teacherFolder(recipe);
  const found = await forecastOf(options, size, { teacher, faults });
  return { forecast: found, text: textOf(found, { options, size, faults }), fault };
}

const draws = ({ recipe, replay }: ForecastOptions) => distils(recipe) && replay === undefined;

/** Checks corpus and tokenizer, unless the data is already prepared. */
function dataCondition(recipe: Recipe): Precondition {
  const { corpus, tokenizer } = recipe.data;
  return {
    name: 'data',
    check: async () => {
      if (existsSync(preparedFolder(recipe))) return;
      if (corpus === undefined) throw noCorpus();
      await openCorpus(corpus);
      if (tokenizer === undefined || existsSync(tokenizer)) return;
      throw new BrineError('FILE_MISSING', `there is no tokenizer ${tokenizer}`, {
        hint: 'Set data.tokenizer to a tokenizer.json, or omit it to train a tokenizer on the corpus.',
      });
    },
  };
}

async function forecastOf(
  { recipe, conditions }: ForecastOptions,
  size: RunSize,
  { teacher, faults }: { teacher: string | undefined; faults: ReadonlyMap<string, BrineError> },
): Promise<Forecast> {
  const { roles } = recipe;
  const traffic = {
    elements: size.elements,
    ranks: roles.ranks,
    wire: roles.wire,
    sharded: roles.shardOptimizer,
  };
  const sent = bytesSentPerStep(traffic);
  return {
    identity: recipeIdentity(recipe),
    data: size.data ?? null,
    teacher: teacher === undefined ? null : { folder: teacher, identity: await modelIdentity(teacher) },
    parameters: size.parameters,
    vocabulary: size.config.vocabularySize,
    ranks: roles.ranks,
    steps: size.steps,
    tokensPerStep: size.tokensPerStep,
    tokensPerRankAndStep: size.tokensPerStep / roles.ranks,
    tokens: size.tokens,
    epochs: size.epochs ?? null,
    memory: {
      rank: runStateOf(recipe, size),
      teacher: teacher === undefined ? null : await teacherMemory(recipe, size, teacher),
      factor: MEMORY_FACTOR,
    },
    wire: { format: roles.wire, sentPerStep: sent, receivedPerStep: sent },
    checks: [...conditions.map(({ name }) => name), 'data'].map((name) => {
      const fault = faults.get(name);
      return {
        name,
        good: fault === undefined,
        ...(fault && { message: `${fault.code}: ${fault.message}` }),
      };
    }),
    recipe: effectiveRecipe(recipe),
  };
}

function runStateOf(recipe: Recipe, { config }: RunSize): RankMemory {
  const { batch, data, roles, student } = recipe;
  const rows = { positions: data.row, vocabularySize: config.vocabularySize };
  const shape = stepShapeOf(recipe, rows, { rank: 0 });
  return rankMemory({
    ...shape,
    config,
    precision: student.precision,
    accumulate: accumulationOf(recipe),
    microBatches: Math.ceil(batch.rows / (roles.ranks * shape.rows)),
    optimizer: optimizerOf(recipe).kind,
    device: roles.device,
  });
}

/**
 * Estimates the memory of one teacher engine: its weights and the activations of one run. Null for
 * an ONNX model.
 */
async function teacherMemory(
  recipe: Recipe,
  { config: student }: RunSize,
  folder: string,
): Promise<{ parameters: number; bytes: number } | null> {
  if ((await modelKind(folder)) === 'onnx') return null;
  const config = await readModelConfig(folder);
  const parameters = parameterSpecs(config).reduce(
    (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );
  const { row: positions } = recipe.data;
  const { device } = recipe.roles;
  const graph = { rows: graphRows({ positions, device }), positions, device };
  const vocabulary = Math.min(student.vocabularySize, config.vocabularySize);
  const activations = peakOf(
    (shallow) => teacherGraph({ ...graph, vocabulary, rule: drawingRule(recipe), config: shallow }),
    config,
  );
  return { parameters, bytes: 4 * parameters + activations };
}

interface TextInput {
  readonly options: ForecastOptions;
  readonly size: RunSize;
  readonly faults: ReadonlyMap<string, BrineError>;
}

function textOf(found: Forecast, { options, size, faults }: TextInput): string {
  const { recipe } = options;
  const { rank, teacher } = found.memory;
  const epochs =
    found.epochs === null ? '' : ` · ${found.epochs.toFixed(2)} epochs of ${size.data!.rows} rows`;
  const parts = (['parameters', 'gradients', 'optimizer', 'activations', 'snapshot', 'program'] as const)
    .map((name) => `${name} ${amount(rank[name])}`)
    .join(' · ');
  const gpu = rank.gpu > 0 ? `${amount(rank.gpu)} on its GPU and ` : '';
  const lines = [
    ['run', `${recipe.run} · identity ${found.identity.slice(0, 12)}${identities(found)}`],
    [
      'student',
      `${count(found.parameters)} parameters · vocabulary ${count(found.vocabulary)} (from ${size.vocabularyBy})`,
    ],
    [
      'steps',
      `${count(found.steps)} of ${count(found.tokensPerStep)} tokens, ${count(found.tokensPerRankAndStep)} for each of ${found.ranks} ${found.ranks === 1 ? 'rank' : 'ranks'} · ${count(found.tokens)} tokens${epochs}`,
    ],
    [
      'memory',
      `each rank ${gpu}${amount(rank.host)}${rank.gpu > 0 ? ' of host memory' : ''}, estimated (within a factor of ${found.memory.factor}): ${parts}`,
    ],
    ...(teacher
      ? [
          [
            'teacher',
            `${count(teacher.parameters)} parameters · ${amount(teacher.bytes)} for each engine, estimated`,
          ],
        ]
      : []),
    ...(recipe.selection && selects(recipe) ? [['selection', selectionText(recipe.selection)]] : []),
    [
      'wire',
      found.ranks === 1
        ? 'no traffic: the run has one rank'
        : `each rank sends and receives ${amount(found.wire.sentPerStep)} a step (${found.wire.format})`,
    ],
  ] as const;
  const body = lines.map(([name, text]) => `${name.padEnd(9)} ${text}`).join('\n');
  const resolved = recipeText(found.recipe).trimEnd();
  return `${body}\n${checksText(options, faults)}\n\n${resolved}`;
}

function identities({ data, teacher }: Forecast): string {
  const known = [
    ['data', data?.identity],
    ['tokenizer', data?.tokenizer],
    ['teacher', teacher?.identity],
  ].flatMap(([name, identity]) => (identity === undefined ? [] : [` · ${name} ${identity.slice(0, 12)}`]));
  return known.join('');
}

function checksText({ conditions }: ForecastOptions, faults: ReadonlyMap<string, BrineError>): string {
  const names = [...conditions.map(({ name }) => name), 'data'];
  const good = names.filter((name) => !faults.has(name));
  const bad = [...faults].map(([name, { code, message }]) => `\n          ${name}: ${code}: ${message}`);
  return `checks    passed: ${good.join(', ')}${bad.join('')}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

function amount(bytes: number): string {
  const [unit, size] = bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : ['kB', 1e3];
  return `${(bytes / size).toFixed(1)} ${unit}`;
}
