/**
 * Every hint in the sources names what exists: commands, their flags, keys of a recipe. A hint is
 * the value of a property `hint`, or of a constant whose name says that it holds hints.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import { packageRoot } from '../../src/base/files/files.ts';
import type { Streams } from '../../src/cli/screen/display.ts';
import { roleCommand } from '../../src/cli/commands/role.ts';
import { COMMANDS } from '../../src/cli/programs/commands.ts';
import { buildProgram } from '../../src/cli/programs/program.ts';
import { BLOCKS, RECIPE } from '../../src/recipe/recipe-schema.ts';
import { commandContext } from './command-context.ts';

/** Flags of other programs that hints tell people to run or speak of. */
const FOREIGN_FLAGS = new Set(['--long', '--model', '--task']);

const streams: Streams = { out: process.stdout, err: process.stderr, now: () => 0 };
const context = commandContext(streams);
const program = buildProgram(context, 'test', [...COMMANDS, roleCommand]);

/** "cache verify" → its flags. */
const flags = new Map<string, ReadonlySet<string>>();
const walk = (command: Command, path: readonly string[]): void => {
  const own = command.options.flatMap(({ long }) => (typeof long === 'string' ? [long] : []));
  flags.set(path.join(' '), new Set([...own, '--help']));
  for (const child of command.commands) walk(child, [...path, child.name()]);
};
walk(program, []);
const allFlags = new Set([...flags.values()].flatMap((own) => [...own]));

/** "data.corpus", "plan.distil", "optimizer.adamw.rate" … */
const keys = new Set<string>(Object.keys(RECIPE.shape));
for (const [name, block] of Object.entries(BLOCKS)) {
  const at =
    name === 'phase' ? 'plan' : name === 'optimizer' || name in RECIPE.shape ? name : `optimizer.${name}`;
  for (const key of Object.keys(block.shape)) keys.add(`${at}.${key}`);
}
const blocks = Object.keys(RECIPE.shape).filter((name) => name !== 'run');

interface Hint {
  readonly place: string;
  readonly text: string;
}

/** The text of an expression up to the comma, bracket or semicolon that ends it. */
function expressionAt(source: string, begin: number): string {
  let depth = 0;
  let quote = '';
  for (let at = begin; at < source.length; at++) {
    const character = source[at]!;
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (`'"\``.includes(character)) quote = character;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && depth-- === 0) return source.slice(begin, at);
    else if (',;'.includes(character) && depth === 0) return source.slice(begin, at);
  }
  return source.slice(begin);
}

/** The words of all texts in an expression; what is put into them becomes "…". */
function textsIn(expression: string): string[] {
  const found = expression.matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`|"((?:[^"\\\n]|\\.)*)"/g);
  return Array.from(found, (match) => (match[1] ?? match[2] ?? match[3] ?? '').replace(/\$\{[^}]*\}+/g, '…'));
}

const root = join(packageRoot(), 'src');
const hints: Hint[] = readdirSync(root, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts') && !name.includes('generated'))
  .flatMap((name) => {
    const source = readFileSync(join(root, name), 'utf8');
    const places = source.matchAll(
      /\bhint\??:\s|\bhint\s=\s|\bconst \w*HINTS?\b[^=]*=\s|\bconst hint\w*\s=\s/g,
    );
    return Array.from(places, ({ index, 0: found }) => ({ index: index + found.length })).flatMap(
      ({ index }) => {
        const line = source.slice(0, index).split('\n').length;
        return textsIn(expressionAt(source, index)).map((text) => ({ place: `src/${name}:${line}`, text }));
      },
    );
  });

const commandIn = (text: string): readonly string[] | undefined => {
  const [, first, second] = /^([a-z]+)(?: ([a-z]+))?/.exec(text) ?? [];
  if (first === undefined) return [];
  if (second !== undefined && flags.has(`${first} ${second}`)) return [first, second];
  return flags.has(first) ? [first] : undefined;
};

test('hints are found', () => {
  assert.ok(hints.length > 150, `${hints.length}`);
  assert.ok(hints.some(({ text }) => text.includes('brine cache verify')));
});

test('every command in a hint exists', () => {
  const faults = hints.flatMap(({ place, text }) =>
    Array.from(text.matchAll(/\bbrine ([a-z].*)/g), ([, rest = '']) => rest)
      .filter((rest) => !commandIn(rest))
      .map((rest) => `${place}: there is no command brine ${rest.slice(0, 40)}`),
  );
  assert.deepEqual(faults, []);
});

test('every flag in a hint exists and belongs to the command before it', () => {
  assert.deepEqual(hints.flatMap(flagFaults), []);
});

function flagFaults({ place, text }: Hint): string[] {
  const found = [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].filter(([flag]) => !FOREIGN_FLAGS.has(flag));
  return found.flatMap(({ 0: flag, index }) => {
    if (!allFlags.has(flag)) return [`${place}: no command has ${flag}`];
    const before = /\bbrine ((?:(?!\bbrine |[.;,)"] ).)*)$/.exec(text.slice(0, index))?.[1];
    const command = before === undefined ? undefined : commandIn(before);
    if (!command || command.length === 0 || flags.get(command.join(' '))?.has(flag)) return [];
    return [`${place}: brine ${command.join(' ')} has no ${flag}: ${text}`];
  });
}

test('every recipe key in a hint exists', () => {
  assert.deepEqual(hints.flatMap(keyFaults), []);
});

function keyFaults({ place, text }: Hint): string[] {
  const dotted = new RegExp(`(?<![\\w./-])(?:${blocks.join('|')})(?:\\.(?!json|ts|yaml|onnx|md)\\w+)+`, 'g');
  const named = Array.from(text.matchAll(dotted), ([key]) => key).filter((key) => !isKey(key));
  const set = Array.from(text.matchAll(/--set ["']?([a-z][\w.]*)=/g), ([, key = '']) => key);
  return [...named, ...set.filter((key) => !isKey(key) && !isKey(`data.${key}`))].map(
    (key) => `${place}: no recipe has ${key}`,
  );
}

function isKey(key: string): boolean {
  const path = key.replace(/\.\d+/g, '');
  return keys.has(path) || [...keys].some((other) => other.startsWith(`${path}.`));
}
