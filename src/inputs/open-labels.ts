import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { openLmdbStore, readStoreIdentity } from '../labels/store/lmdb.ts';
import { describeMismatch, refuseMismatch, type LabelIdentity } from '../labels/identity.ts';
import { modelSource } from '../labels/server/model-source.ts';
import type { ModelSource } from '../labels/server/server-types.ts';
import type { LabelStore } from '../labels/store/store.ts';
import { modelFileNames } from '../model/index.ts';
import type { TokenSet } from '../data/tokens/token-set.ts';
import { ownIdentity, labelFolder, partitionFolder, partitionsOf } from './label-rule.ts';
import { labelIdentity } from './label-identity.ts';
import { tokenizerPath } from './prepared-data.ts';
import { distils, type Recipe } from '../recipe/recipe.ts';

export interface OpenLabels {
  readonly identity: LabelIdentity;
  /** The caller closes it, after the server. */
  readonly store: LabelStore;
}

/**
 * Open a partition of a run's label cache; with `replay`, of a filled cache, for reading. Throws the
 * mismatches of describeMismatch.
 */
export async function openLabels(
  recipe: Recipe,
  train: TokenSet,
  { replay, partition = 0 }: { replay?: string | undefined; partition?: number } = {},
): Promise<OpenLabels> {
  const folder = partitionFolder(replay ?? labelFolder(recipe), partition);
  if (replay === undefined) {
    const identity = await labelIdentity(recipe, train);
    return { identity, store: await openLmdbStore(folder, { identity, asker: 'this run' }) };
  }
  const identity = await replayedIdentity(folder, { recipe, train });
  return { identity, store: await openLmdbStore(folder, { identity, readOnly: true }) };
}

/** The model files and tokenizer that a cache sends to teachers without the model. Throws as modelSource. */
export async function offeredModel(folder: string): Promise<ModelSource> {
  const tokenizer = existsSync(tokenizerPath(folder)) ? [basename(tokenizerPath(folder))] : [];
  return modelSource(folder, Array.from(new Set([...(await modelFileNames(folder)), ...tokenizer])));
}

/** Read the identity of a replayed cache. Its teacher may be any; everything else must match the run. */
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

/**
 * Compute the identity of a run's labels before the run starts: that of the replayed cache, all partitions of
 * which must match the run, or that of the teacher's labels, which reads the teacher's weights. Undefined for
 * a plan without distillation. Throws the mismatches of describeMismatch, FILE_MISSING and FILE_DAMAGED.
 */
export async function expectedLabels(recipe: Recipe, train: TokenSet): Promise<LabelIdentity | undefined> {
  if (!distils(recipe)) return undefined;
  const replay = recipe.labels?.replay;
  if (replay === undefined) return labelIdentity(recipe, train);
  const partitions = Array.from({ length: Math.max(1, partitionsOf(replay)) }, (_, partition) =>
    partitionFolder(replay, partition),
  );
  const identities: LabelIdentity[] = [];
  for (const partition of partitions) identities.push(await replayedIdentity(partition, { recipe, train }));
  return identities[0];
}

/**
 * Compare the run's own label cache with the labels that it would draw. Throws the mismatches of
 * describeMismatch, FILE_DAMAGED.
 */
export async function checkStored(recipe: Recipe, identity: LabelIdentity): Promise<void> {
  const folder = labelFolder(recipe);
  for (let partition = 0; partition < partitionsOf(folder); partition++) {
    const own = partitionFolder(folder, partition);
    const stored = await readStoreIdentity(own);
    refuseMismatch({ name: `the label cache at ${own}`, identity: stored }, { name: 'this run', identity });
  }
}
