/**
 * Writes test/golden/evaluation/model: a tiny model that has learned the questions beside it, so that its
 * answers differ from chance. Run it by hand, then evaluation_reference.py:
 *
 *     npm run -s build && node dist/scripts/golden/evaluation-model.js
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { train } from '../../src/api/index.ts';
import { packageRoot } from '../../src/base/files/files.ts';

const folder = join(packageRoot(), 'test', 'golden', 'evaluation');
const work = await mkdtemp(join(tmpdir(), 'brine-golden-'));
try {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).toSorted();
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const texts = files.flatMap((file) => file.trim().split('\n')).flatMap((line) => textsOf(JSON.parse(line)));
  await writeFile(join(work, 'text.txt'), `${texts.join('\n')}\n`.repeat(3));
  await train({
    recipe: 'cluster/nano-plain.yaml',
    set: {
      run: join(work, 'run'),
      data: { corpus: join(work, 'text.txt'), vocabulary: 400, row: 64, validation: 0 },
      'student.model': 'models/micro-tied',
      'student.seed': 1,
      batch: { rows: 8 },
      plan: [{ plain: '400 steps' }],
      'evaluate.every': '400 steps',
      'checkpoint.every': '400 steps',
      'optimizer.adamw.rate': 0.01,
      'roles.ranks': 1,
    },
    environment: process.env,
  });
  const model = join(folder, 'model');
  await rm(model, { recursive: true, force: true });
  for (const name of ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'])
    await cp(join(work, 'run', 'checkpoints', 'step-400', name), join(model, name));
} finally {
  await rm(work, { recursive: true });
}

/** All texts in a record. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.includes(' ') ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
