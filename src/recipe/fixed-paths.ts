import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { NODE_MODULES } from '../data/corpus/corpus.ts';
import type { Recipe } from './recipe.ts';
import { findPath } from './run-folder.ts';

/**
 * The recipe with absolute paths in the place of relative ones, which mean something else in another working folder. The run folder stays as it
 * was written: it is where people look for what came out.
 */
export function withFixedPaths(recipe: Recipe): Recipe {
  const { data, student, teacher, selection, labels, roles } = recipe;
  const corpus = data.corpus === NODE_MODULES ? data.corpus : absolute(data.corpus);
  return {
    ...recipe,
    data: {
      ...data,
      ...given({ corpus, tokenizer: absolute(data.tokenizer), prepared: absolute(data.prepared) }),
    },
    student: {
      ...student,
      model: student.model === student.start ? fixedCheckpoint(student.model) : findPath(student.model),
      ...given({ start: student.start && fixedCheckpoint(student.start) }),
    },
    ...(teacher && { teacher: { ...teacher, checkpoint: fixedCheckpoint(teacher.checkpoint) } }),
    ...(selection && {
      selection: {
        ...selection,
        ...given({
          manifest: absolute(selection.manifest),
          scorer: selection.scorer && fixedCheckpoint(selection.scorer),
        }),
      },
    }),
    ...(labels && {
      labels: { ...labels, ...given({ folder: absolute(labels.folder), replay: absolute(labels.replay) }) },
    }),
    roles: { ...roles, ...given({ keys: absolute(roles.keys) }) },
  };
}

/** A checkpoint's name, which may end in @STEP. */
function fixedCheckpoint(name: string): string {
  const whole = findPath(name);
  const [, path, at] = /^(.*)@(\d+)$/.exec(name) ?? [];
  return path === undefined || existsSync(whole) ? whole : `${findPath(path)}@${at}`;
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

/** Without the keys that are undefined. */
function given<T extends Record<string, string | undefined>>(keys: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}
