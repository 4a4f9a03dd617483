import { existsSync } from 'node:fs';
import { BrineError } from '../base/errors.ts';
import { scoped } from '../base/scope.ts';
import { besideLabels, evaluatedRows, heldOutPath, writeHeldOut } from '../inputs/held-out-file.ts';
import { teacherFolder } from '../inputs/label-identity.ts';
import { labelFolder } from '../inputs/label-rule.ts';
import { openData, preparedFolder } from '../inputs/prepared-data.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { contextsByPool } from './selection/score-pool.ts';
import type { ScoreWatch } from './selection/score.ts';

/**
 * Measures the teacher of a run on the validation rows that the run evaluates, unless the file exists.
 * Held-out rows, because the teacher may know its own training text by heart, and because the student is
 * compared with it on the same rows. A copy goes beside the labels, for replays. Throws FILE_MISSING in a replay
 * without the file, and as contextsByPool.
 */
export function measureTeacherFor(recipe: Recipe, watch: ScoreWatch): Promise<void> {
  return scoped(async (scope) => {
    const path = heldOutPath(recipe);
    if (existsSync(path)) return; // students compare its identities with their own
    if (recipe.labels?.heldOut !== undefined || recipe.teacher === undefined) {
      throw new BrineError(
        'FILE_MISSING',
        `there is no held-out teacher at ${path}, and no teacher to measure`,
        {
          hint: 'Set labels.heldOut to the held-out-teacher.json of the run that filled the cache.',
        },
      );
    }
    const { validation } = scope.use(await openData(preparedFolder(recipe)));
    if (!validation) {
      throw new BrineError(
        'CONFIG_INVALID',
        'the rules of the plan need validation rows, and there are none',
        {
          hint: 'Prepare the data with data.validation: 2%.',
        },
      );
    }
    const rows = evaluatedRows(recipe, validation);
    const { contexts, teacher } = await contextsByPool({
      ...watch,
      modelFolder: await teacherFolder(recipe),
      train: { ...validation, rows, read: (row) => validation.read(row), close: () => undefined },
      engines: recipe.roles.engines,
      threads: recipe.roles.threads,
    });
    const measured = { data: validation.identity, teacher, rows: contexts };
    await writeHeldOut(path, measured);
    await writeHeldOut(besideLabels(labelFolder(recipe)), measured);
  });
}
