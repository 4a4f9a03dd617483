/** Error messages for the values of a recipe, with suggestions of the nearest valid key or value. */
import { didYouMean } from '../base/nearest.ts';
import type { z } from '../base/schema.ts';
import type { KeyPath, RecipeFault } from './plan/fault.ts';
import { BLOCKS, RECIPE } from './recipe-schema.ts';

/** Convert a schema issue to faults; `value` is the whole recipe. */
export function faultsOf(issue: z.core.$ZodIssue, value: unknown): RecipeFault[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(path, key) }));
  const given = valueAt(value, path);
  return [{ path, message: `${path.join('.')}: ${wrongValue(issue, given)}` }];
}

function wrongValue(issue: z.core.$ZodIssue, given: unknown): string {
  const got = given === undefined ? '' : `, got ${JSON.stringify(given)}`;
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String);
    const meant = typeof given === 'string' ? didYouMean(given, known) : '';
    return `expected ${issue.values.map((one) => JSON.stringify(one)).join('|')}${got}${meant === '' ? '' : `.${meant}`}`;
  }
  const isOwn = !issue.message.startsWith('Invalid input'); // a message that the schema of this key defines
  if (issue.code === 'invalid_type' && !isOwn)
    return `expected ${KINDS[issue.expected] ?? issue.expected}${got}`;
  return issue.message;
}

/** Names of value types in error messages. */
const KINDS: Readonly<Record<string, string>> = {
  int: 'whole number',
  string: 'text',
  boolean: 'true or false',
  object: 'block of keys',
  array: 'list',
  tuple: 'list',
};

/** "a, b or c". */
function orList(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
}

/** The message for an unknown key; suggests a similar key of this block, or the same key of another block. */
function unknownKey(path: KeyPath, key: string): string {
  const known = knownKeys(path);
  const here = didYouMean(key, known);
  const elsewhere = here === '' ? PLACES.filter((place) => place.endsWith(`.${key}`)) : [];
  const meant = elsewhere.length > 0 ? ` Did you mean ${orList(elsewhere)}?` : here;
  return `unknown key ${key}; known here: ${known.join(', ')}${meant === '' ? '' : `.${meant}`}`;
}

function knownKeys(path: KeyPath): string[] {
  const [top, inner] = path;
  const block =
    top === undefined
      ? RECIPE
      : top === 'plan'
        ? BLOCKS.phase
        : top === 'optimizer' && inner !== undefined
          ? BLOCKS[inner as 'adamw']
          : BLOCKS[top as keyof typeof BLOCKS];
  return Object.keys(block.shape);
}

/** Paths of all keys inside blocks, in the notation of --set. */
const PLACES = Object.entries(BLOCKS).flatMap(([block, { shape }]) => {
  const inOptimizer = block === 'adamw' || block === 'adafactor' || block === 'schedule';
  const prefix = block === 'phase' ? 'plan.0' : inOptimizer ? `optimizer.${block}` : block;
  return Object.keys(shape).map((key) => `${prefix}.${key}`);
});

function valueAt(value: unknown, path: KeyPath): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
}

/** The hint for these faults. */
export function hintOf(faults: readonly RecipeFault[]): string {
  const [first] = faults;
  const example = first && faults.length === 1 ? exampleOf(first.path) : undefined;
  const what =
    faults.length === 1 ? (first?.path.join('.') ?? '') || 'the recipe' : `these ${faults.length} keys`;
  return `Correct ${what}${example === undefined ? '; cluster/nano-salt.yaml shows the keys of a recipe.' : `, such as ${example}.`}`;
}

const DEFAULTS: unknown = RECIPE.parse({});

/** A key with its default value in YAML; undefined when the default is not a scalar. */
function exampleOf(path: KeyPath): string | undefined {
  const value = valueAt(DEFAULTS, path);
  const isPlain = ['number', 'string', 'boolean'].includes(typeof value);
  return isPlain ? `${String(path.at(-1))}: ${String(value)}` : undefined;
}
