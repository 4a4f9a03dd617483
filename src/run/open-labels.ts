import { openLmdbStore, readStoreIdentity } from '../labels/lmdb.ts';
import { describeMismatch, type LabelIdentity } from '../labels/identity.ts';
import type { LabelStore } from '../labels/store.ts';
import type { TokenSet } from '../data/token-set.ts';
import { drawingRule, labelFolder, labelIdentity } from './label-identity.ts';
import type { Recipe } from './recipe.ts';

export interface OpenLabels {
  readonly identity: LabelIdentity;
  /** The caller closes it, after its server. */
  readonly store: LabelStore;
}

/** The label cache of a run: its own folder, or with `replay` a filled one, opened for reading. Throws the mismatches of describeMismatch. */
export async function openLabels(recipe: Recipe, train: TokenSet, replay?: string): Promise<OpenLabels> {
  if (replay === undefined) {
    const identity = await labelIdentity(recipe, train);
    return { identity, store: await openLmdbStore(labelFolder(recipe), { identity, asker: 'this run' }) };
  }
  const identity = await replayedIdentity(replay, { recipe, train });
  return { identity, store: await openLmdbStore(replay, { identity, readOnly: true }) };
}

/** A replay needs no teacher on this machine: the cache says whose labels it holds. All else must be the run's own. */
async function replayedIdentity(
  folder: string,
  { recipe, train }: { recipe: Recipe; train: TokenSet },
): Promise<LabelIdentity> {
  const stored = await readStoreIdentity(folder);
  const mismatch = describeMismatch(
    { name: `the label cache at ${folder}`, identity: stored },
    { name: 'this run', identity: ownIdentity(recipe, train, stored.teacher) },
  );
  if (mismatch) throw mismatch;
  return stored;
}

/** What a run can say of its labels without reading the teacher's weights. */
export function ownIdentity(recipe: Recipe, train: TokenSet, teacher: string): LabelIdentity {
  return { tokenizer: train.tokenizerIdentity, data: train.identity, teacher, rule: drawingRule(recipe) };
}
