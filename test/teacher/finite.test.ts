/**
 * Models with non-finite weights or outputs: none of their output becomes a label, a score or an
 * accuracy.
 */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { scoped } from '../../src/base/scope.ts';
import type { DrawingRule } from '../../src/labels/identity.ts';
import {
  initialParameters,
  modelIdentity,
  parameterSpecs,
  readModelConfig,
  requireFiniteParameters,
  writeModelFolder,
} from '../../src/model/index.ts';
import { tallyOf } from '../../src/student/program/evaluation.ts';
import { openNextToken } from '../../src/tasks/next-token.ts';
import { create } from '../../src/teacher/program.ts';
import { allocate, flatLayout, viewOf } from '../../src/tensor/layout.ts';
import { identityOf, SHAPE, TOKENS } from './fixtures.ts';
import { exportedBytes, exportedGraph } from './onnx-model.ts';

const folder = await mkdtemp(join(tmpdir(), 'brine-finite-'));
after(() => rm(folder, { recursive: true }));

/** A micro model with an untied head, and one row of one parameter changed. */
async function modelWith(name: string, { parameter, value }: { parameter: string; value: number }) {
  const tied = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
  const config = { ...tied, tieEmbeddings: false };
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters({ ...config, initializerRange: 0.5 }, 1, { layout, buckets });
  const tensor = layout.tensors.find((one) => one.name === parameter)!;
  viewOf(tensor, buckets).fill(value, 0, config.hiddenSize);
  const path = join(folder, name);
  await writeModelFolder(path, { config, layout, buckets });
  return path;
}

/** The same model, exported as other tools do. */
async function exported(name: string, checkpoint: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  const graph = await exportedGraph({ checkpoint, rows: 2, positions: SHAPE.positions });
  await writeFile(join(path, 'model.onnx'), exportedBytes(graph));
  return path;
}

const RULES: readonly DrawingRule[] = [
  { kind: 'sampled', draws: 20, temperature: 1, seed: 3 },
  { kind: 'sampled', draws: 200, temperature: 1, seed: 3 },
  { kind: 'topk', k: 5, temperature: 0.7 },
  { kind: 'dense', temperature: 1 },
  { kind: 'context' },
];

async function label(modelFolder: string, rule: DrawingRule): Promise<unknown> {
  const identity = { ...identityOf(rule), teacher: await modelIdentity(modelFolder) };
  return scoped(async (scope) => {
    const init = { modelFolder, identity, rows: 2, ...SHAPE, threads: 1, device: 'cpu' } as const;
    const program = scope.use(await create(init));
    return program.label({ rows: [4, 5, 6], tokens: [4, 5, 6].map(TOKENS.read) });
  });
}

/** Weights that are finite but make the logits infinite or NaN. */
const OVERFLOWING = { parameter: 'lm_head.weight', value: 3e38 };

test('a checkpoint with non-finite weights draws no labels, by any rule', async () => {
  for (const value of [NaN, Infinity]) {
    const model = await modelWith(`weights ${value}`, { parameter: 'model.embed_tokens.weight', value });
    for (const rule of RULES) {
      await assert.rejects(label(model, rule), {
        code: 'MODEL_NOT_FINITE',
        message: new RegExp(`not finite: model.embed_tokens.weight is ${value} at element 0`),
      });
    }
  }
});

test('overflowing logits are refused with row and position, by any rule', async () => {
  const model = await modelWith('overflow', OVERFLOWING);
  for (const rule of RULES) {
    await assert.rejects(label(model, rule), {
      code: 'MODEL_NOT_FINITE',
      message: /outputs of the model at .* are not finite: row \d+: .* at position \d+/,
    });
  }
});

test('an exported model with NaN or infinite logits draws no labels, by any rule', async () => {
  const finite = await modelWith('finite', { parameter: 'lm_head.weight', value: 0.25 });
  const broken = [
    await modelWith('nan head', { parameter: 'lm_head.weight', value: NaN }),
    await modelWith('overflowing head', OVERFLOWING),
  ];
  for (const [at, checkpoint] of broken.entries()) {
    const onnx = await exported(`exported ${at}`, checkpoint);
    for (const rule of RULES) await assert.rejects(label(onnx, rule), { code: 'MODEL_NOT_FINITE' });
  }
  const onnx = await exported('exported', finite);
  for (const rule of RULES) await label(onnx, rule);
});

test('text is not generated from non-finite weights or logits', async () => {
  const next = async (model: string): Promise<Float32Array> =>
    scoped(async (scope) => {
      const options = { folder: model, vocabulary: SHAPE.vocabulary, most: 8, threads: 1 };
      return scope.use(await openNextToken(options)).logits([1, 2, 3]);
    });
  const unseen = await modelWith('unseen row', { parameter: 'model.embed_tokens.weight', value: NaN });
  await assert.rejects(next(unseen), { code: 'MODEL_NOT_FINITE', message: /embed_tokens.weight is NaN/ });
  const overflow = await modelWith('overflow of the next token', OVERFLOWING);
  const refused = { code: 'MODEL_NOT_FINITE', message: /the logit of id 0 after 3 ids is -?(NaN|Infinity)/ };
  await assert.rejects(next(overflow), refused);
});

test('a position with NaN logits is never counted as correct', () => {
  const { lossSum, correct } = tallyOf(
    { logProbability: Float32Array.of(-1, NaN, -2), rank: Int32Array.of(0, 0, 3) },
    3,
  );
  assert.equal(correct, 1);
  assert.ok(Number.isNaN(lossSum));
});

test('finite weights pass', async () => {
  const config = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
  const layout = flatLayout(parameterSpecs(config));
  requireFiniteParameters('here', { config, layout, buckets: allocate(layout) });
});
