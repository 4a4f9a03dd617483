import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { BrineError } from '../../../src/base/errors.ts';
import {
  checkResume,
  listCheckpoints,
  latestCheckpoint,
  prepareCheckpoints,
  readCheckpoint,
  saveCheckpoint,
  surveyCheckpoints,
} from '../../../src/student/checkpoint/checkpoint.ts';
import type { CheckpointState } from '../../../src/student/checkpoint/trainer-file.ts';
import { holdFolder } from '../../support/unremovable.ts';

const damaged = (hint: RegExp) => (error: unknown) =>
  error instanceof BrineError && error.code === 'CHECKPOINT_DAMAGED' && hint.test(error.hint);

test('reads back a checkpoint as it was saved, with the tokenizer', async (t) => {
  const root = await temporary(t);
  const tokenizer = join(root, 'tokenizer.json');
  await writeFile(tokenizer, '{"model":{}}');
  const saved = await saveCheckpoint(join(root, 'checkpoints'), { ...saving(4), tokenizer });
  assert.deepEqual(await readCheckpoint(saved.folder), state(4));
  assert.equal(await readFile(join(saved.folder, 'tokenizer.json'), 'utf8'), '{"model":{}}');
  assert.deepEqual(await readdir(join(root, 'checkpoints')), ['step-4'], 'no temporary files remain');
});

test('a checkpoint names the begin and end tokens in files that transformers reads', async (t) => {
  const root = await temporary(t);
  const tokenizer = join(root, 'tokenizer.json');
  const added = [{ id: 7, content: '<end>', special: true }];
  await writeFile(
    tokenizer,
    JSON.stringify({ added_tokens: added, model: { type: 'BPE', vocab: { a: 0 } } }),
  );
  const config = { eos_token_id: 7, bos_token_id: 7, max_position_embeddings: 64 };
  const fill = (folder: string) => writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const { folder } = await saveCheckpoint(join(root, 'checkpoints'), { ...saving(2), fill, tokenizer });
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, name), 'utf8'));
  assert.deepEqual(await read('generation_config.json'), { bos_token_id: 7, eos_token_id: 7 });
  assert.deepEqual(await read('tokenizer_config.json'), {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: '<end>',
    eos_token: '<end>',
    clean_up_tokenization_spaces: false,
    model_max_length: 64,
  });
  assert.deepEqual(await readCheckpoint(folder), state(2), 'their hashes are recorded');
});

test('keeps only the latest checkpoints, and loses none when a save fails', async (t) => {
  const root = await temporary(t);
  for (const step of [2, 4, 6, 10]) await saveCheckpoint(root, saving(step));
  const steps = async () => (await listCheckpoints(root)).map(({ step }) => step);
  assert.deepEqual(await steps(), [6, 10]);
  const broken = { ...saving(12), fill: () => Promise.reject(new Error('the disk is full')) };
  await assert.rejects(
    saveCheckpoint(root, broken),
    (error) => error instanceof BrineError && error.code === 'FILE_UNWRITABLE',
  );
  assert.deepEqual(await steps(), [6, 10]);
  assert.deepEqual((await readdir(root)).toSorted(), ['step-10', 'step-6']);
});

test('detects a truncated, altered, missing or malformed file; the hint names the latest intact older checkpoint', async (t) => {
  const root = await temporary(t);
  for (const step of [1, 2, 3]) await saveCheckpoint(root, { ...saving(step), keep: 9 });
  const [one, two, three] = (await listCheckpoints(root)).map(({ folder }) => folder);
  await truncate(join(three!, 'weights.bin'), 100);
  await assert.rejects(readCheckpoint(three!), damaged(/step-2/));
  const bytes = await readFile(join(two!, 'weights.bin'));
  bytes[7]! ^= 1;
  await writeFile(join(two!, 'weights.bin'), bytes);
  await assert.rejects(readCheckpoint(three!), damaged(/step-1/));
  await writeFile(join(three!, 'trainer.json'), '{"version":1');
  await assert.rejects(readCheckpoint(three!), damaged(/step-1/));
  await rm(join(one!, 'weights.bin'));
  await assert.rejects(readCheckpoint(one!), damaged(/No older/));
  await assert.rejects(
    readCheckpoint(join(root, 'step-77')),
    (error) => error instanceof BrineError && error.code === 'FILE_MISSING',
  );
});

test('finds the latest intact checkpoint, past folders and files that are not checkpoints', async (t) => {
  const root = await temporary(t);
  for (const step of [1, 2, 3]) await saveCheckpoint(root, { ...saving(step), keep: 9 });
  await mkdir(join(root, 'step-99'));
  await writeFile(join(root, 'step-50'), 'a file');
  await truncate(join(root, 'step-3', 'weights.bin'), 100);
  assert.equal((await latestCheckpoint(root))?.step, 2, 'latestCheckpoint compares sizes only');
  const bytes = await readFile(join(root, 'step-2', 'weights.bin'));
  bytes[7]! ^= 1;
  await writeFile(join(root, 'step-2', 'weights.bin'), bytes);
  const { latest, damaged: found } = await surveyCheckpoints(root);
  assert.deepEqual([latest?.step, latest?.state], [1, state(1)]);
  assert.deepEqual(
    found.map(({ step }) => step),
    [99, 3, 2],
  );
  assert.match(found[2]!.fault, /weights\.bin does not match its hash/);
  assert.deepEqual((await surveyCheckpoints(join(root, 'none'))).latest, undefined);
});

test('an old checkpoint that cannot be removed causes a warning and no longer counts as a checkpoint', async (t) => {
  const root = await temporary(t);
  await saveCheckpoint(root, saving(1));
  await saveCheckpoint(root, saving(2));
  const release = await holdFolder(join(root, 'step-1'));
  const { warnings } = await saveCheckpoint(root, saving(3));
  await release();
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!.text, /the old checkpoint .*step-1 cannot be removed: (EPERM|EACCES).*held/);
  assert.deepEqual((await surveyCheckpoints(root)).latest?.step, 3);
  assert.deepEqual((await readdir(root)).toSorted(), ['step-1', 'step-2', 'step-3']);
  await saveCheckpoint(root, saving(4));
  assert.deepEqual((await readdir(root)).toSorted(), ['step-3', 'step-4'], 'the next save tries again');
});

test('the warning about a trainer.json that cannot be removed contains the cause', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('only root can make a file immutable');
  const root = await temporary(t);
  const { folder } = await saveCheckpoint(root, saving(1));
  await saveCheckpoint(root, saving(2));
  execFileSync('chattr', ['+i', join(folder, 'trainer.json')]);
  const { warnings } = await saveCheckpoint(root, saving(3)).finally(() =>
    execFileSync('chattr', ['-i', join(folder, 'trainer.json')]),
  );
  assert.match(warnings[0]!.text, /step-1 cannot be removed: EPERM/);
});

test('renames a folder step-N that is not a checkpoint, and removes a link without its target', async (t) => {
  const root = await temporary(t);
  const elsewhere = await temporary(t);
  await saveCheckpoint(root, saving(1));
  await rename(join(root, 'step-1'), join(elsewhere, 'step-1'));
  await symlink(join(elsewhere, 'step-1'), join(root, 'step-1'));
  await mkdir(join(root, 'step-2'));
  await writeFile(join(root, 'step-2', 'notes.txt'), 'mine');
  const { warnings } = await saveCheckpoint(root, { ...saving(2), keep: 1 });
  assert.match(
    warnings.map(({ text }) => text).join(),
    /step-2 was not a checkpoint, and was renamed to .*step-2\.other/,
  );
  assert.equal(await readFile(join(root, 'step-2.other', 'notes.txt'), 'utf8'), 'mine');
  assert.deepEqual((await readdir(root)).toSorted(), ['step-2', 'step-2.other']);
  assert.ok((await readdir(join(elsewhere, 'step-1'))).includes('trainer.json'));
});

test('refuses a resume with another identity, naming both', () => {
  const saved = { tokenizer: 'aaa', data: 'bbb' };
  checkResume('run/step-4', saved, { ...saved });
  const refused = (names: RegExp) => (error: unknown) =>
    error instanceof BrineError && error.code === 'CHECKPOINT_MISMATCH' && names.test(error.message);
  assert.throws(() => checkResume('f', saved, { ...saved, data: 'ccc' }), refused(/data bbb.*ccc/));
  assert.throws(() => checkResume('f', saved, { ...saved, labels: 'x' }), refused(/labels none.*x/));
  assert.throws(() => checkResume('f', saved, { tokenizer: 'aaa' }), refused(/data bbb.*none/));
});

function state(step: number): CheckpointState {
  return {
    step,
    cursor: { seed: 1, batchRows: 8 },
    phase: { index: 1, kind: 'plain', step: 2 },
    identities: { tokenizer: 'aaa' },
  };
}

function saving(step: number) {
  return {
    state: state(step),
    keep: 2,
    fill: (folder: string) => writeFile(join(folder, 'weights.bin'), new Uint8Array(1000).fill(step)),
  };
}

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'brine-checkpoint-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

test('removes incomplete checkpoints of killed writers, and reports a folder that is not writable', async (t) => {
  const root = await temporary(t);
  await saveCheckpoint(join(root, 'own'), saving(1));
  await mkdir(join(root, 'own', '.step-2.0c9f.tmp'));
  await prepareCheckpoints(join(root, 'own'));
  assert.deepEqual(await readdir(join(root, 'own')), ['step-1']);
  assert.deepEqual(await readCheckpoint(join(root, 'own', 'step-1')), state(1));
  await writeFile(join(root, 'file'), '');
  await assert.rejects(prepareCheckpoints(join(root, 'file')), { code: 'FILE_UNWRITABLE' });
});
