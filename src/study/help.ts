import { existsSync } from 'node:fs';
import { BrineError } from '../base/errors.ts';
import { selectionText } from '../recipe/selection/selection-text.ts';
import { dataOrderOf } from '../recipe/recipe-plan.ts';
import { runFolder } from '../recipe/run-folder.ts';
import { distils, type Recipe } from '../recipe/recipe.ts';
import { openData, preparedFolder } from '../inputs/prepared-data.ts';
import { labelDemand } from '../student/training/plan.ts';
import { scoped } from '../base/scope.ts';
import { selectFor } from '../tasks/selection/select.ts';
import { measureTeacherFor } from '../tasks/measure-teacher.ts';
import { serveCache } from '../tasks/serve-cache.ts';
import { attachTeacher } from '../worker/teacher/teacher.ts';
import { findCheckpoint } from '../recipe/find-checkpoint.ts';
import { adapts, type StudyRecipe } from './study-recipes.ts';

/** What the small model does for the runs of a study before they start: it selects rows and draws labels. */
export interface HelpOptions {
  /** Threads that draw labels. */
  readonly engines: number;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  readonly observe: (text: string) => void;
}

/**
 * Selects the rows and draws the labels of a run, unless an earlier run has done so. Calls must follow one another:
 * a label cache has one writer. Throws as selectFor, serveCache and attachTeacher.
 */
export async function prepareHelp({ filling, selecting }: StudyRecipe, options: HelpOptions): Promise<void> {
  if (selecting && !existsSync(runFolder(selecting.run).selection)) {
    const { selection } = selecting;
    options.note(`selecting rows${selection ? `: ${selectionText(selection)}` : ''}`);
    await selectFor(selecting, options);
  }
  if (filling && adapts(filling)) await measureTeacherFor(filling, options);
  if (filling) await fill(filling, options);
}

async function fill(recipe: Recipe, { engines, signal, note, observe }: HelpOptions): Promise<void> {
  const { device, threads } = recipe.roles;
  const checkpoint = await findCheckpoint(recipe.teacher!.checkpoint);
  let drawing: Promise<unknown> = Promise.resolve();
  const ends = new AbortController();
  const serving = serveCache({
    recipe,
    partition: 0,
    bind: 'tcp://127.0.0.1:*',
    signal: AbortSignal.any([signal, ends.signal]),
    note: () => undefined,
    observe,
    missing: (endpoint) => {
      note(`drawing labels with ${checkpoint}`);
      drawing = attachTeacher({
        caches: [endpoint],
        checkpoint,
        store: '',
        device,
        engines,
        threads,
        signal,
        observe: () => undefined,
      });
      drawing.catch(() => ends.abort()); // reported below; without its teacher the cache would wait for ever
    },
  });
  const { filled } = await serving;
  await drawing;
  if (!filled)
    throw new BrineError('CANCELLED', 'the study was cancelled', {
      hint: 'Run the command again to continue it.',
    });
}

/** Distinct rows whose labels a run uses. */
export function labelledRows(recipe: Recipe): Promise<number> {
  if (!distils(recipe)) return Promise.resolve(0);
  return scoped(async (scope) => {
    const { train } = scope.use(await openData(preparedFolder(recipe)));
    const demand = labelDemand(await dataOrderOf(recipe, train));
    const rows = new Set<number>();
    for (let at = 0; at < demand.length; at += 1) rows.add(demand.at(at));
    return rows.size;
  });
}
