/** Tokenizers, recipes, checkpoints, selections and reports with invalid content. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { within } from '../../src/base/deadline.ts';
import { BrineError } from '../../src/base/errors.ts';
import { parseReport } from '../../src/data/prepare/prepare-report.ts';
import { readUntrustedTokenizer } from '../../src/data/tokenizer/tokenizer-trial.ts';
import { tokenizerFrom } from '../../src/data/tokenizer/tokenizer.ts';
import { readRecipe } from '../../src/recipe/recipe.ts';
import { readSelection } from '../../src/select/manifest.ts';
import { readCheckpoint } from '../../src/student/checkpoint/checkpoint.ts';
import { writeFiles } from '../../scripts/soak/files/file-set.ts';
import { makeValid } from '../../scripts/soak/files/valid.ts';

const root = await mkdtemp(join(tmpdir(), 'brine-documents-'));
after(() => rm(root, { recursive: true, force: true }));
await mkdir(join(root, 'valid'));
const valid = await makeValid(join(root, 'valid'));
const DEADLINE_MS = 90_000;
/** Maximum message length, to keep messages readable. */
const LONGEST_MESSAGE = 4096;

async function refuses(fault: string, code: string, reading: Promise<unknown>): Promise<BrineError> {
  const ending = reading.then(
    () => 'it was read',
    (error: unknown) => error,
  );
  const outcome = await within(ending, DEADLINE_MS, () => new Error('it hangs'));
  assert.ok(outcome instanceof BrineError, `${fault}: ${String(outcome)}`);
  assert.equal(outcome.code, code, `${fault}: ${outcome.message.slice(0, 500)}`);
  assert.ok(outcome.message.length < LONGEST_MESSAGE, `${fault}: a message of ${outcome.message.length}`);
  return outcome;
}

const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
const tokenizer = JSON.parse(Buffer.from(valid.tokenizer).toString('utf8')) as Record<string, object>;
/**
 * The valid tokenizer with changed parts. MARK is replaced by `text`, which JSON.stringify could
 * not write.
 */
const withChanges = (changes: object, text = 'null') =>
  JSON.stringify({ ...tokenizer, ...changes }).replace('"MARK"', text);
const added = (id: number) => ({
  id,
  content: 'more',
  special: true,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
});
const vocabulary = (more: object) => ({
  model: { ...tokenizer['model'], vocab: { ...(tokenizer['model'] as { vocab: object }).vocab, ...more } },
});

test('invalid tokenizers are rejected', async () => {
  const bad: Readonly<Record<string, string>> = {
    'no JSON': '{',
    'a list': '[]',
    'a deep list that nobody reads': withChanges({ extra: 'MARK' }, nested('[', ']', 1e6)),
    'a deep object': withChanges({ extra: 'MARK' }, `${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}`),
    'normalizers in normalizers': withChanges(
      { normalizer: 'MARK' },
      nested('{"type":"Sequence","normalizers":[', ']}', 1e4),
    ),
    'an id of 2^32 - 1': withChanges(vocabulary({ more: 2 ** 32 - 1 })),
    'an id of 2^53': withChanges(vocabulary({ more: 2 ** 53 })),
    'a negative id': withChanges(vocabulary({ more: -1 })),
    'half an id': withChanges(vocabulary({ more: 0.5 })),
    'an added id that is taken': withChanges({ added_tokens: [added(5)] }),
    'an added id far away': withChanges({ added_tokens: [added(2 ** 31)] }),
    'a million wrong tokens': withChanges({ added_tokens: 'MARK' }, `[${'1,'.repeat(1e5)}1]`),
    'a broken pattern': withChanges({
      pre_tokenizer: { type: 'Split', pattern: { Regex: '(a' }, behavior: 'Isolated', invert: false },
    }),
  };
  for (const [fault, json] of Object.entries(bad))
    await refuses(
      fault,
      'TOKENIZER_INVALID',
      Promise.resolve().then(() => tokenizerFrom(json, { what: 'it' })),
    );
});

test('a tokenizer that crashes the library crashes only a separate process', async () => {
  const split = (pattern: string) =>
    withChanges({
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
        ],
      },
    });
  const path = join(root, 'tokenizer.json');
  const bad = {
    'a pattern of exponential time': split('(a+)+$'),
    'a pattern that matches nothing, and is replaced': withChanges({
      normalizer: { type: 'Replace', pattern: { String: '' }, content: 'xx' },
    }),
  };
  for (const [fault, json] of Object.entries(bad)) {
    await writeFile(path, json);
    const { message } = await refuses(fault, 'TOKENIZER_INVALID', readUntrustedTokenizer(path));
    assert.match(message, /crashed/, fault);
  }
  await writeFile(path, valid.tokenizer);
  const whole = await readUntrustedTokenizer(path);
  assert.equal(
    whole.identity,
    tokenizerFrom(Buffer.from(valid.tokenizer).toString(), { what: 'it' }).identity,
  );
  await refuses('no time', 'TOKENIZER_INVALID', readUntrustedTokenizer(path, { deadlineMs: 1 }));
  await refuses('stopped', 'CANCELLED', readUntrustedTokenizer(path, { signal: AbortSignal.abort() }));
});

test('invalid recipes are rejected', async () => {
  const bomb = Array.from(
    'bcdefghi',
    (name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`,
  );
  const bad: Readonly<Record<string, string>> = {
    'aliases of aliases': `a: &a [1]\n${bomb.join('\n')}`,
    'an alias of itself': 'run: &a [*a]',
    'an alias of nothing': 'run: *a',
    'a deep list': `run: ${nested('[', ']', 30_000)}`,
    'a deep map': `run: ${nested('{a: ', '}', 12_000)}`,
    'a list of lists in lines': `${'- '.repeat(30_000)}a`,
    'a prototype': 'run: x\n__proto__: { polluted: 1 }\n',
    'a prototype further in': 'run: x\ndata: { __proto__: { polluted: 1 } }\n',
    'a constructor': 'run: x\nconstructor: { prototype: { polluted: 1 } }\n',
    'two keys of one name': 'run: x\nrun: y\n',
    'as many wrong keys as there is room for': Array.from({ length: 7000 }, (_, i) => `k${i}: 1`).join('\n'),
    itself: 'extends: recipe.yaml',
    'a tag that makes something': 'run: !!js/function "x"',
    'steps without end': 'run: x\nplan:\n  - { plain: 1e300 steps }\n',
  };
  const path = join(root, 'recipe.yaml');
  for (const [fault, text] of Object.entries(bad)) {
    await writeFile(path, text);
    await refuses(fault, 'CONFIG_INVALID', readRecipe(path));
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined, fault);
  }
});

test('invalid checkpoints are rejected', async () => {
  const name = 'step-4/trainer.json';
  const document = JSON.parse(Buffer.from(valid.checkpoint[name]!).toString('utf8')) as Record<
    string,
    object
  >;
  const file = Object.values(document['files']!)[0] as object;
  const named = (as: string) => ({ files: { [as]: file } });
  const bad: Readonly<Record<string, object>> = {
    'a file above': named('../secret'),
    'a file at an absolute path': named('/etc/passwd'),
    'the folder itself': named('.'),
    'the folder above': named('..'),
    'a file with a zero byte': named('model.safetensors\0'),
    'a negative step': { step: -1 },
    'half a step': { step: 0.5 },
    'a step of 2^60': { step: 2 ** 60 },
    'a negative size': { files: { 'model.safetensors': { ...file, bytes: -1 } } },
    'a version to come': { version: 2 },
    'an unknown key': { more: 1 },
    'a hundred thousand wrong files': {
      files: Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [`f${i}`, 1])),
    },
  };
  for (const [at, [fault, changes]] of Object.entries(bad).entries()) {
    const folder = join(root, 'checkpoints', String(at));
    const text = JSON.stringify({ ...document, ...changes });
    await writeFiles(folder, {
      ...valid.checkpoint,
      [name]: Buffer.from(text),
      secret: Buffer.from('secret'),
    });
    await refuses(fault, 'CHECKPOINT_DAMAGED', readCheckpoint(join(folder, 'step-4')));
  }
});

test('invalid selections and preparation reports are rejected', async () => {
  const path = join(root, 'selection.json');
  const document = JSON.parse(Buffer.from(valid.selection).toString('utf8')) as object;
  const bad: Readonly<Record<string, object>> = {
    'a row twice': { rows: [3, 3] },
    'rows out of order': { rows: [17, 3] },
    'a row beyond the data': { rows: [40] },
    'a negative row': { rows: [-1] },
    'half a row': { rows: [0.5] },
    'no row': { rows: [] },
    'rows of other data': { of: 41 },
    'a hundred thousand wrong rows': { rows: Array(1e5).fill('x') },
  };
  for (const [fault, changes] of Object.entries(bad)) {
    await writeFile(path, JSON.stringify({ ...document, ...changes }));
    await refuses(fault, 'FILE_DAMAGED', readSelection(path, { data: valid.dataIdentity, rows: 40 }));
  }
  for (const json of ['', '[]', '{"version":2}', nested('[', ']', 1e6)])
    await refuses(
      'no report',
      'FILE_DAMAGED',
      Promise.resolve().then(() => parseReport(json, 'prepare.json')),
    );
});
