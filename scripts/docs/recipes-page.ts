import { z, type Z } from '../../src/base/zod.ts';
import { RECIPE_KEYS, type KeyClass, type RecipeKey } from '../../src/recipe/recipe-keys.ts';
import { RECIPE } from '../../src/recipe/recipe-schema.ts';
import { sentence } from './prose.ts';

const HEAD = `# Recipes

This page answers: which keys does a recipe have, what do they mean, and which may change when a run is resumed?

A recipe is a YAML file that describes a run. Every key has a default or may be left out:

\`\`\`yaml
extends: nano.yaml # another recipe, relative to this file; lists replace, null removes a key
run: runs/mine
student: { model: models/nano-llm, seed: 2 }
plan:
  - { distil: 120 steps, weight: 0.667 } # ω: the share of the soft label
  - { plain: 360 steps }
\`\`\`

- \`--set KEY=VALUE\` sets a key on the command line: \`--set student.seed=3 --set plan.0.distil=100\`.
- Paths are relative to the working folder. If nothing exists there, Brine looks in its own folder, which contains
  \`models/\` and \`cluster/\`. This includes the recipe itself: \`brine train cluster/nano-plain.yaml\`.
- Quantities have units: \`200 steps\`, \`2%\`, \`12 MB\` (B, kB, MB, GB, TB), \`60 s\` (ms, s, min, h).
- The run folder contains the resolved recipe, \`recipe.yaml\`, with every default written out.
- Setting a key that has no effect, such as \`labels.k\` with \`labels.rule: sampled\`, is an error.
- \`brine train RECIPE --dry-run\` checks a recipe and starts nothing.

Marks: ● the key determines the result, so a resumed run must keep it. ◐ A resume may change it where no past step
would change. ○ A path: a resume may change it if the content is the same. Keys without a mark may change; the result
stays bit-identical.
`;

const MARKS: Readonly<Record<KeyClass, string>> = { training: ' ●', rule: ' ◐', content: ' ○', free: '' };

/** docs/recipes.md: every key with its type, default and meaning. */
export function recipesPage(): string {
  const top = Object.entries(RECIPE.shape).map(([key, schema]) => readKey(key, schema));
  const plain = top.filter(({ block }) => !block).map(lineOf);
  return [HEAD, '## The run', ...plain, ...top.flatMap((key) => sectionOf(key, 2))].join('\n\n');
}

interface Key {
  /** Joined by dots, as for --set. */
  readonly path: string;
  readonly description: string;
  readonly type: string;
  /** As YAML; undefined without one. */
  readonly standard: string | undefined;
  readonly block: Z.ZodObject | undefined;
}

function sectionOf({ path, block, description }: Key, depth: number): string[] {
  if (!block) return [];
  const keys = Object.entries(block.shape).map(([name, schema]) => readKey(`${path}.${name}`, schema));
  const lines = keys
    .filter((key) => !key.block)
    .map(lineOf)
    .join('\n');
  const head = `${'#'.repeat(depth)} ${path}\n\n${sentence(description)}`;
  return [head, lines, ...keys.flatMap((key) => sectionOf(key, depth + 1))];
}

function lineOf({ path, type, standard, description }: Key): string {
  const name = path.split('.').at(-1);
  const known = RECIPE_KEYS[path as RecipeKey] ?? RECIPE_KEYS.plan; // the keys of a phase have the class of the plan
  const value = standard === undefined ? '' : `, default \`${standard}\``;
  return `- \`${name}\`${MARKS[known]} (${type}${value}): ${sentence(description)}`;
}

/** Reads a key of the schema. Throws an Error for a key without a description. */
function readKey(path: string, schema: Z.core.$ZodType): Key {
  let inner = schema;
  let standard: unknown;
  let title: string | undefined;
  let description: string | undefined;
  for (;;) {
    const meta = z.globalRegistry.get(inner);
    title ??= meta?.title;
    description ??= meta?.description;
    if (inner instanceof z.ZodDefault) standard = inner.def.defaultValue;
    if (inner instanceof z.ZodPipe)
      inner = inner.def.out instanceof z.ZodTransform ? inner.def.in : inner.def.out;
    else if (
      inner instanceof z.ZodOptional ||
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodPrefault
    )
      inner = inner.def.innerType;
    else break;
  }
  if (description === undefined) throw new Error(`the recipe key ${path} has no description`);
  const type = title ?? typeOf(inner);
  const block = inner instanceof z.ZodObject ? inner : undefined;
  if (inner instanceof z.ZodArray) return listOf({ path, description, item: inner.element });
  return {
    path,
    description,
    type,
    standard: standard === undefined ? undefined : yaml(standard, type),
    block,
  };
}

/** A list of blocks is shown as one block, and its default in the description. */
function listOf({ path, description, item }: { path: string; description: string; item: unknown }): Key {
  return { path, description, type: 'list', standard: undefined, block: item as Z.ZodObject };
}

function typeOf(schema: Z.core.$ZodType): string {
  if (schema instanceof z.ZodEnum) return schema.options.map((one) => `\`${String(one)}\``).join(', ');
  if (schema instanceof z.ZodBoolean) return '`true`, `false`';
  if (schema instanceof z.ZodString) return 'text';
  if (schema instanceof z.ZodTuple) return `${schema.def.items.length} numbers`;
  if (schema instanceof z.ZodNumber) return rangeOf(schema);
  return 'block';
}

/** The largest limit that is worth a word: others only keep values representable. */
const UNLIMITED = 2 ** 53 - 1;

function rangeOf(schema: Z.ZodNumber): string {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = z.toJSONSchema(schema);
  const isWhole = type === 'integer';
  const what = isWhole ? 'whole number' : 'number';
  const least = isWhole && exclusiveMinimum !== undefined ? Number(exclusiveMinimum) + 1 : minimum;
  const most = maximum !== undefined && maximum < UNLIMITED ? maximum : undefined;
  if (least !== undefined && exclusiveMaximum !== undefined)
    return `${what}, at least ${least} and below ${exclusiveMaximum}`;
  if (least !== undefined)
    return most === undefined ? `${what}, at least ${least}` : `${what}, ${least} to ${most}`;
  return `${what} above ${exclusiveMinimum}${most === undefined ? '' : `, at most ${most}`}`;
}

function yaml(value: unknown, type: string): string {
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  if (type === 'share' && value !== 0) return `${Number(value) * 100}%`;
  if (type === 'duration') return `${String(value)} s`;
  return String(value);
}
