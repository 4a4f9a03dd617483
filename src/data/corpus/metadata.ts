import { readOrdinaryText } from '../../base/files/ordinary-file.ts';

/** Metadata files in dataset folders, which contain no training text. */
const DATASETS = 'metadata of a datasets folder';
const MDS = 'MDS shard (convert it to .jsonl or parquet)';
const ALWAYS = new Set(['dataset_info.json', 'dataset_infos.json', 'dataset_dict.json']);
const MAX_BYTES = 2 ** 20;

/**
 * Reasons for skipping entries of a folder, by name: metadata of `datasets` (save_to_disk, its cache)
 * and of MosaicML's `streaming`. If state.json names the data files of a folder, other .arrow files
 * there are cached copies, for example of `map`.
 */
export async function metadataIn(folder: Buffer, names: readonly string[]): Promise<Map<string, string>> {
  const reasons = new Map<string, string>();
  const arrows = names.filter((name) => name.endsWith('.arrow'));
  const shards = names.filter((name) => /\.mds(\.\w+)?$/.test(name));
  for (const name of shards) reasons.set(name, MDS);
  if (shards.length > 0 && names.includes('index.json')) reasons.set('index.json', 'index of MDS shards');
  for (const name of names) if (ALWAYS.has(name)) reasons.set(name, DATASETS);
  if (arrows.length === 0 || !names.includes('state.json')) return reasons;
  reasons.set('state.json', DATASETS);
  const kept = await dataFilesOf(Buffer.concat([folder, Buffer.from('/state.json')]));
  for (const name of arrows)
    if (kept && !kept.has(name)) reasons.set(name, 'not among the data files of state.json');
  return reasons;
}

/** Data file names in a state.json; undefined if it has none or is invalid. */
async function dataFilesOf(path: Buffer): Promise<Set<string> | undefined> {
  try {
    const state: unknown = JSON.parse(await readOrdinaryText(path, { most: MAX_BYTES }));
    if (typeof state !== 'object' || state === null) return undefined;
    const files = (state as Record<string, unknown>)['_data_files'];
    if (!Array.isArray(files)) return undefined;
    const names = files.map((file: unknown) =>
      typeof file === 'object' && file !== null && 'filename' in file ? file.filename : undefined,
    );
    return names.every((name) => typeof name === 'string') && names.length > 0 ? new Set(names) : undefined;
  } catch {
    return undefined;
  }
}
