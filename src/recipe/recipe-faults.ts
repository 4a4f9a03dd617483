/** What is wrong with the values of a recipe, as a person is told: with the nearest thing that would have been right. */
import { didYouMean } from '../base/nearest.ts';
import type { z } from '../base/schema.ts';
import type { Fault, KeyPath } from './recipe-checks.ts';
import { BLOCKS, RECIPE } from './recipe-schema.ts';

/** The faults of one issue that the schema found in `value`, the whole recipe. */
export function faultsOf(issue: z.core.$ZodIssue, value: unknown): Fault[] {
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
  const isOwn = !issue.message.startsWith('Invalid input'); // a key that says by itself what it takes
  if (issue.code === 'invalid_type' && !isOwn)
    return `expected ${KINDS[issue.expected] ?? issue.expected}${got}`;
  return issue.message;
}

/** What people call the types of values. */
const KINDS: Readonly<Record<string, string>> = {
  int: 'whole number',
  string: 'text',
  boolean: 'true or false',
  object: 'block of keys',
  array: 'list',
  tuple: 'list',
};

/** "a, b or c". */
function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** A key that is known elsewhere is named with its block. */
function unknownKey(path: KeyPath, key: string): string {
  const known = knownKeys(path);
  const here = didYouMean(key, known);
  const elsewhere = here === '' ? PLACES.filter((place) => place.endsWith(`.${key}`)) : [];
  const meant = elsewhere.length > 0 ? ` Did you mean ${inWords(elsewhere)}?` : here;
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

/** Every key inside a block, as --set names it. */
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

/** What a person can do about these faults. */
export function hintOf(faults: readonly Fault[]): string {
  const [first] = faults;
  const example = first && faults.length === 1 ? exampleOf(first.path) : undefined;
  const what =
    faults.length === 1 ? (first?.path.join('.') ?? '') || 'the recipe' : `these ${faults.length} keys`;
  return `Correct ${what}${example === undefined ? '; cluster/nano-salt.yaml shows what a recipe can say.' : `, such as ${example}.`}`;
}

const DEFAULTS: unknown = RECIPE.parse({});

/** A key with its default, as a recipe has it. */
function exampleOf(path: KeyPath): string | undefined {
  const value = valueAt(DEFAULTS, path);
  const isPlain = ['number', 'string', 'boolean'].includes(typeof value);
  return isPlain ? `${String(path.at(-1))}: ${String(value)}` : undefined;
}
