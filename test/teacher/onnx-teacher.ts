/** Exported ONNX models as teachers, compared with the checkpoint that they come from. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { scoped } from '../../src/base/scope.ts';
import { modelIdentity } from '../../src/model/index.ts';
import { create } from '../../src/teacher/program.ts';
import { decoded, initOf, records, SAMPLED, SHAPE, TOKENS } from './fixtures.ts';
import { exportedBytes, exportedGraph, type ExportOptions, type ModelMessage } from './onnx-model.ts';

/** The rows that are labelled. */
const ROWS = [5, 3, 8, 0, 21];
/** The folder of the exported models, removed after the tests. */
export let scratch = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'onnx-'));
});
after(() => rm(scratch, { recursive: true }));

export const graphOf = (options: Partial<ExportOptions> = {}) =>
  exportedGraph({ checkpoint: initOf(SAMPLED).modelFolder, rows: 4, positions: SHAPE.positions, ...options });

export async function folderOf(name: string, bytes: Uint8Array, place = 'model.onnx'): Promise<string> {
  const path = join(scratch, name, place);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, bytes);
  return join(scratch, name);
}

/**
 * Labels of a folder's model under the checkpoint's identity, so that records can be compared byte
 * for byte.
 */
export async function initFor(modelFolder: string, vocabulary = SHAPE.vocabulary) {
  const init = initOf(SAMPLED);
  const identity = { ...init.identity, teacher: await modelIdentity(modelFolder) };
  return { ...init, modelFolder, identity, vocabulary };
}

export async function labelsBy(modelFolder: string) {
  return scoped(async (scope) => {
    const init = await initFor(modelFolder);
    const program = scope.use(await create(init));
    const { records: made } = await program.label({ rows: ROWS, tokens: ROWS.map(TOKENS.read) });
    return made.map((record, i) => decoded(record, ROWS[i]!, SAMPLED, init.identity));
  });
}

/** Labels of the checkpoint itself. */
export async function expectedLabels() {
  const made = await records(SAMPLED, ROWS, 4);
  return made.map((record, i) => decoded(record, ROWS[i]!, SAMPLED));
}

export async function assertSameLabels(modelFolder: string, what: string): Promise<void> {
  assert.deepEqual(await labelsBy(modelFolder), await expectedLabels(), what);
}

export const bytesOf = async (options: Partial<ExportOptions> = {}, change?: (model: ModelMessage) => void) =>
  exportedBytes(await graphOf(options), change);
