import { basename, dirname, resolve } from 'node:path';
import {
  LineCounter,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type ParsedNode,
} from 'yaml';
import { BrineError, messageOf } from '../base/errors.ts';
import { withShipped } from '../base/files/find-path.ts';
import { readOrdinaryText } from '../base/files/ordinary-file.ts';
import type { KeyPath } from './plan/fault.ts';

/**
 * A recipe merged with the recipes that it extends, with the location of every key. `extends: other.yaml`
 * (relative to the file) starts from another recipe: blocks merge, lists replace, null removes a key.
 * `--set` assignments are applied last.
 */
export interface RecipeSource {
  readonly value: Readonly<Record<string, unknown>>;
  /**
   * "FILE:LINE:COLUMN" of a key or of the nearest enclosing block; "--set KEY" for a key from the
   * command line.
   */
  locate(path: KeyPath): string;
  /** Whether a file or the command line sets this key. */
  isSet(path: KeyPath): boolean;
}

interface RecipePart {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

const MAX_EXTENDS = 8;
/** A hundred times the size of any known recipe. The YAML library compares all pairs of keys in a map. */
const MAX_BYTES = 1 << 16;
/** Maximum nesting. */
const DEEPEST = 32;

/**
 * Read a recipe, which may be one of those that Brine ships, and the recipes that it extends. Throws FILE_MISSING, CONFIG_INVALID (with line and column)
 * for invalid YAML, and BAD_ARGUMENT for an invalid assignment.
 */
export async function readRecipeSource(
  file: string,
  assignments: readonly string[] = [],
): Promise<RecipeSource> {
  const parts: RecipePart[] = [];
  let value: Record<string, unknown> = {};
  for (let path: string | undefined = withShipped(file); path !== undefined;) {
    if (parts.length === MAX_EXTENDS) {
      throw invalid(
        `${file} extends more than ${MAX_EXTENDS} recipes, or itself`,
        'Shorten the chain of "extends".',
      );
    }
    const part: RecipePart = await readPart(path);
    const { extends: base, ...own } = mapOf(part);
    if (base !== undefined && typeof base !== 'string') {
      throw invalid(
        `${placeIn(part, ['extends']) ?? path}: extends must be the path of one recipe`,
        'Write extends: other.yaml',
      );
    }
    value = merged(own, value);
    parts.push(part);
    path = base === undefined ? undefined : resolve(dirname(path), base);
  }
  return sourceOf(value, { parts, assignments });
}

/** Make a recipe source from values, such as a command's options. Throws BAD_ARGUMENT. */
export function sourceOf(
  given: Readonly<Record<string, unknown>>,
  { parts = [], assignments = [] }: { parts?: readonly RecipePart[]; assignments?: readonly string[] },
): RecipeSource {
  const value = { ...given };
  const sets = assignments.map(parseAssignment);
  for (const set of sets) assign(value, set);
  const kept = withoutNulls(value) as Record<string, unknown>;
  return {
    value: kept,
    locate: (path) => locate(parts, sets, path),
    isSet: (path) =>
      holds(kept, path) &&
      (sets.some((set) => startsWith(set.path, path)) ||
        parts.some((part) => nodeAt(part, path) !== undefined)),
  };
}

async function readPart(file: string): Promise<RecipePart> {
  let text: string;
  try {
    text = await readOrdinaryText(file, { most: MAX_BYTES });
  } catch (cause) {
    throw new BrineError('FILE_MISSING', `there is no recipe ${file}: ${messageOf(cause)}`, {
      hint: 'Check the path. The recipes that Brine ships, such as cluster/nano-salt.yaml, are found from every working folder.',
      cause,
    });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const error = document.errors[0] ?? document.warnings[0];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw invalid(`${file}:${line}:${col}: ${error.message}`, 'Correct the YAML at that place.');
  }
  return { file, document, lines };
}

function mapOf(part: RecipePart): Record<string, unknown> {
  const value = valueOf(part);
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw invalid(
      `${part.file}:1:1: a recipe is a map of keys such as "run:" and "plan:"`,
      `Compare ${basename(part.file)} with cluster/nano-salt.yaml.`,
    );
  }
  return value as Record<string, unknown>;
}

/**
 * The value of a document. Throws CONFIG_INVALID for undefined, recursive or exponentially expanding
 * aliases.
 */
function valueOf({ file, document }: RecipePart): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    refuseDeeper(value, DEEPEST);
    return value;
  } catch (cause) {
    throw invalid(`${file}:1:1: ${messageOf(cause)}`, 'Write values out instead of YAML aliases.');
  }
}

/** Throw an Error when a value is nested deeper than `levels`, also for a value that contains itself. */
function refuseDeeper(value: unknown, levels: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (levels === 0) throw new Error(`values are nested more than ${DEEPEST} deep`);
  for (const inner of Object.values(value)) refuseDeeper(inner, levels - 1);
}

/** Merge `over` into `under`: maps merge, everything else replaces. */
function merged(under: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isRecord(value) && isRecord(below) ? merged(below, value) : value;
  }
  return result;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}

/** Whether the value has a key at this path. */
function holds(value: unknown, path: KeyPath): boolean {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !(key in at)) return false;
    at = (at as Record<string | number, unknown>)[key];
  }
  return true;
}

interface Assignment {
  readonly path: KeyPath;
  readonly value: unknown;
}

function parseAssignment(text: string): Assignment {
  const [, key, raw] = /^([A-Za-z][\w.]*)=(.*)$/s.exec(text) ?? [];
  const bad = (why: string) =>
    new BrineError('BAD_ARGUMENT', `--set ${text}: ${why}`, {
      hint: 'Write --set KEY=VALUE, such as --set student.seed=2 or --set plan.0.distil=100.',
    });
  if (key === undefined || raw === undefined) throw bad('not of the form KEY=VALUE');
  const document = parseDocument(raw, { prettyErrors: false });
  if (document.errors[0]) throw bad(document.errors[0].message);
  return {
    path: key.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
    value: document.toJS(),
  };
}

function assign(target: Record<string, unknown>, { path, value }: Assignment): void {
  let at: Record<string | number, unknown> = target;
  path.forEach((part, i) => {
    if (i === path.length - 1) {
      at[part] = value;
      return;
    }
    const next = at[part];
    at[part] = Array.isArray(next) ? [...(next as unknown[])] : isRecord(next) ? { ...next } : {};
    at = at[part] as Record<string | number, unknown>;
  });
}

function locate(parts: readonly RecipePart[], sets: readonly Assignment[], path: KeyPath): string {
  for (let length = path.length; length > 0; length--) {
    const key = path.slice(0, length);
    const set = sets.findLast((one) => startsWith(one.path, key));
    if (set) return `--set ${set.path.join('.')}`;
    for (const part of parts) {
      const place = placeIn(part, key);
      if (place !== undefined) return place;
    }
  }
  return parts[0] ? `${parts[0].file}:1:1` : 'the options';
}

function placeIn(part: RecipePart, path: KeyPath): string | undefined {
  const offset = nodeAt(part, path);
  if (offset === undefined) return undefined;
  const { line, col } = part.lines.linePos(offset);
  return `${part.file}:${line}:${col}`;
}

/** Offset of a key, or of an element of a list, in its file. */
function nodeAt({ document }: RecipePart, path: KeyPath): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined = 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair: unknown = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && item.key.value === key,
      );
      if (!isPair(pair) || !isScalar(pair.key)) return undefined;
      offset = pair.key.range?.[0];
      node = pair.value;
    } else if (isSeq(node) && typeof key === 'number') {
      const item: unknown = node.items[key];
      if (item === undefined) return undefined;
      offset = (item as ParsedNode).range?.[0];
      node = item;
    } else {
      return undefined;
    }
  }
  return offset;
}

function startsWith(path: KeyPath, prefix: KeyPath): boolean {
  return prefix.every((part, i) => path[i] === part);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string, hint: string): BrineError {
  return new BrineError('CONFIG_INVALID', message, { hint });
}
