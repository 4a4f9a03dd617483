import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CausalModel } from '../teacher/onnx-outputs.ts';

/** Maximum positions of an exported model without a fixed length and without a value in config.json. */
const DEFAULT_POSITIONS = 1024;

/** Keys of config.json for the maximum number of positions. */
const POSITION_KEYS = ['max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len', 'seq_length'];

/**
 * Maximum positions of an exported model: the fixed length of its input, or that of config.json, or
 * 1024.
 */
export async function exportedPositions(folder: string, { ids }: Pick<CausalModel, 'ids'>): Promise<number> {
  const fixed = ids.shape?.[1];
  if (typeof fixed === 'number') return fixed;
  try {
    const document = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const found = POSITION_KEYS.map((key) => document[key]).find((value) => Number.isInteger(value));
    return found === undefined || Number(found) < 1 ? DEFAULT_POSITIONS : Number(found);
  } catch {
    return DEFAULT_POSITIONS; // an exported model needs no config.json
  }
}
