import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { NODE_MODULES } from '../data/corpus/node-modules.ts';
import type { Recipe } from './recipe.ts';
import { findPath } from '../base/files/find-path.ts';

/**
 * Return the recipe with all relative paths but `run` made absolute, because roles may have other working
 * folders. `run` stays as the user wrote it, for messages.
 */
export function withFixedPaths(recipe: Recipe): Recipe {
  const { data, student, teacher, selection, labels, roles } = recipe;
  const corpus = data.corpus === NODE_MODULES ? data.corpus : absolute(data.corpus);
  return {
    ...recipe,
    data: {
      ...data,
      ...defined({ corpus, tokenizer: absolute(data.tokenizer), prepared: absolute(data.prepared) }),
    },
    student: {
      ...student,
      model: student.model === student.start ? fixedCheckpoint(student.model) : findPath(student.model),
      ...defined({ start: student.start && fixedCheckpoint(student.start) }),
    },
    ...(teacher && { teacher: { ...teacher, checkpoint: fixedCheckpoint(teacher.checkpoint) } }),
    ...(selection && {
      selection: {
        ...selection,
        ...defined({
          manifest: absolute(selection.manifest),
          scorer: selection.scorer && fixedCheckpoint(selection.scorer),
          later: selection.later && fixedCheckpoint(selection.later),
        }),
      },
    }),
    ...(labels && {
      labels: {
        ...labels,
        ...defined({
          heldOut: absolute(labels.heldOut),
          folder: absolute(labels.folder),
          replay: absolute(labels.replay),
        }),
      },
    }),
    roles: { ...roles, ...defined({ keys: absolute(roles.keys) }) },
  };
}

/** Make a checkpoint's name absolute; it may end in @STEP. */
function fixedCheckpoint(name: string): string {
  const whole = findPath(name);
  const [, path, at] = /^(.*)@(\d+)$/.exec(name) ?? [];
  return path === undefined || existsSync(whole) ? whole : `${findPath(path)}@${at}`;
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

/** Drop the keys whose value is undefined. */
function defined<T extends Record<string, string | undefined>>(keys: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}
