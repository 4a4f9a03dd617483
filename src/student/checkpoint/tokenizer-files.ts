/**
 * The tokenizer files of a checkpoint: enough for transformers to encode, decode and end texts as
 * Brine does.
 */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseContent } from '../../data/tokenizer/content.ts';
import {
  GENERATION_CONFIG_NAME,
  generationConfig,
  TOKENIZER_CONFIG_NAME,
  tokenizerConfig,
  tokenOf,
} from '../../data/tokenizer/config-files.ts';

/**
 * Copies a tokenizer.json into a checkpoint folder and writes tokenizer_config.json and
 * generation_config.json after it, if its config.json names the end-of-text id. Throws I/O errors
 * and TOKENIZER_INVALID.
 */
export async function writeTokenizerFiles(folder: string, tokenizerPath: string): Promise<void> {
  const path = join(folder, 'tokenizer.json');
  await copyFile(tokenizerPath, path);
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8').catch(() => '{}')) as {
    eos_token_id?: number | null;
    max_position_embeddings?: number;
  };
  const { eos_token_id: endOfText, max_position_embeddings: positions } = config;
  if (typeof endOfText !== 'number') return;
  await writeFile(join(folder, GENERATION_CONFIG_NAME), generationConfig(endOfText));
  const token = tokenOf(parseContent(await readFile(path, 'utf8'), tokenizerPath), endOfText);
  if (token !== undefined)
    await writeFile(join(folder, TOKENIZER_CONFIG_NAME), tokenizerConfig(token, positions));
}
