import { existsSync } from 'node:fs';
import { BrineError, messageOf } from '../../base/errors.ts';
import type { Scope } from '../../base/scope.ts';
import { readTokenizer, type Tokenizer } from '../../data/tokenizer/tokenizer.ts';
import { tokenizerPath } from '../../inputs/prepared-data.ts';
import { checkReads } from '../../inputs/usable-model.ts';
import { paddingNote } from '../../inputs/vocabulary.ts';
import { readFolderTokenizer } from '../folder-tokenizer.ts';
import { hasTokens, openCorpusSet, openTokens, type EvaluationSet } from './evaluation-set.ts';
import { VALIDATION_SET, type SuiteOptions } from './suite.ts';
import { validationPath } from './validation-data.ts';

/** The opened data of an evaluation. */
export interface OpenSets {
  /** Token sets, the validation rows first. */
  readonly tokenSets: readonly EvaluationSet[];
  /** Opens the corpora, as rows of T positions. Throws as openCorpusSet. */
  readonly openCorpora: (positions: number) => Promise<EvaluationSet[]>;
  /** Undefined if it is unknown; then only token sets are evaluated. */
  readonly tokenizer: Tokenizer | undefined;
  /** Number of ids that count. */
  readonly vocabulary: number;
}

/** The model folders of an evaluation. */
export interface ModelFolders {
  readonly folder: string;
  readonly reference: string | undefined;
}

/**
 * Opens the sets of an evaluation and checks that the models have their tokenizer. Throws BAD_ARGUMENT
 * without data, FILE_MISSING, SHARD_DAMAGED, TOKENIZER_INVALID, TOKENIZER_MISMATCH.
 */
export async function openSets(
  scope: Scope,
  options: SuiteOptions,
  folders: ModelFolders,
): Promise<OpenSets> {
  const { rows: limit, sets = [], textField = 'text', signal, induction, tasks = [] } = options;
  const validation = await validationPath(folders.folder, options);
  const named = validation === undefined ? sets : [{ name: VALIDATION_SET, path: validation }, ...sets];
  const ofTokens = named.filter((data) => data.path === validation || hasTokens(data.path));
  const corpora = named.filter((data) => !ofTokens.includes(data));
  const tokenSets: EvaluationSet[] = [];
  for (const data of ofTokens) tokenSets.push(await openTokens(scope, data, limit));
  for (const set of tokenSets) await checkModels(folders, set, set.path === validation ? options : {});
  const isNeeded = corpora.length > 0 || induction !== undefined || tasks.length > 0;
  const tokenizer = isNeeded
    ? await readFolderTokenizer(folders.folder)
    : await knownTokenizer([folders.folder, ...ofTokens.map(({ path }) => path)], options);
  if (tokenizer !== undefined && isNeeded) {
    const { vocabularySize, identity: tokenizerIdentity } = tokenizer;
    const path = tokenizerPath(folders.folder);
    await checkModels(
      folders,
      { path, vocabularySize, tokenizerIdentity },
      tokenSets.length > 0 ? {} : options,
    );
  }
  return {
    tokenSets,
    openCorpora: async (positions) => {
      const opened: EvaluationSet[] = [];
      for (const data of corpora)
        opened.push(
          await openCorpusSet(data, { tokenizer: tokenizer!, positions, limit, textField, signal }),
        );
      return opened;
    },
    tokenizer,
    vocabulary: tokenSets[0]?.vocabularySize ?? tokenizer!.vocabularySize,
  };
}

async function checkModels(
  { folder, reference }: ModelFolders,
  set: Pick<EvaluationSet, 'path' | 'vocabularySize' | 'tokenizerIdentity'>,
  { note }: Pick<SuiteOptions, 'note'>,
): Promise<void> {
  const known = await checkReads(folder, { name: set.path, set });
  const padding = paddingNote(known, set.vocabularySize);
  if (padding !== undefined) note?.(padding);
  if (reference !== undefined) await checkReads(reference, { name: set.path, set });
}

/**
 * The tokenizer of the model or its data, for the length of text in bytes. An evaluation of token sets
 * does not fail because of it.
 */
async function knownTokenizer(
  folders: readonly string[],
  { note }: SuiteOptions,
): Promise<Tokenizer | undefined> {
  const path = folders.map(tokenizerPath).find((file) => existsSync(file));
  try {
    if (path !== undefined) return await readTokenizer(path);
    note?.('bits a byte are unknown: there is no tokenizer.json');
  } catch (error) {
    if (!(error instanceof BrineError)) throw error;
    note?.(`bits a byte are unknown: ${messageOf(error)}`);
  }
  return undefined;
}
