/** brine generate as a process: text on a terminal or a pipe as it grows, and what Ctrl-C leaves. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { entryPoint } from '../../src/base/entry-points.ts';
import { packageRoot } from '../../src/base/files/files.ts';
import {
  initialParameters,
  parameterSpecs,
  readModelConfig,
  writeModelFolder,
} from '../../src/model/index.ts';
import { tokenizerPath } from '../../src/inputs/prepared-data.ts';
import { prepareData } from '../../src/inputs/prepare.ts';
import { dataBlock } from '../../src/recipe/recipe.ts';
import { allocate, flatLayout } from '../../src/tensor/layout.ts';

const main = fileURLToPath(entryPoint('main'));
const folder = await mkdtemp(join(tmpdir(), 'brine-generate-'));
after(() => rm(folder, { recursive: true, force: true }));
const model = join(folder, 'model');

before(async () => {
  await writeFile(join(folder, 'text.txt'), 'A line that says little.\n'.repeat(500));
  const data = join(folder, 'data');
  const sets = ['vocabulary=300', 'row=16', 'validation=10%'];
  await prepareData(dataBlock({ corpus: join(folder, 'text.txt'), prepared: data }, sets));
  const shipped = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
  const config = { ...shipped, vocabularySize: 300 };
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters(config, 1, { layout, buckets });
  await writeModelFolder(model, { config, layout, buckets });
  await copyFile(tokenizerPath(data), tokenizerPath(model));
});

/** Sends Ctrl-C when `when` says so of what has come, and gives what there is at the end. */
async function interrupted(
  when: (out: string) => boolean,
  ...words: string[]
): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [main, 'generate', model, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let sent = false;
  const look = () => {
    if (!sent && when(out)) sent = child.kill('SIGINT');
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    look();
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out };
}

/**
 * With fresh weights, the end of the text is never the most probable token, so generation continues
 * until it is interrupted.
 */
const ENDLESS = ['--prompt', 'A line', '--temperature', '0', '--tokens', '1000000'];

test('text is streamed, and Ctrl-C keeps it and exits with 130', async () => {
  const { code, out } = await interrupted((text) => text.length > 40, ...ENDLESS);
  assert.equal(code, 130);
  assert.ok(out.startsWith('A line') && out.length > 40 && out.endsWith('\n'), out);
});
