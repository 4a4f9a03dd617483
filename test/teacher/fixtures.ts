/** A micro model as teacher, its rows, and an in-memory label cache. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { packageRoot } from '../../src/base/files/files.ts';
import { scoped, type Scope } from '../../src/base/scope.ts';
import { tokenHash } from '../../src/labels/record/header.ts';
import { identityHash, type DrawingRule, type LabelIdentity } from '../../src/labels/identity.ts';
import { memoryStore } from '../../src/labels/store/memory.ts';
import { decodeRecord } from '../../src/labels/record/record.ts';
import { openLabelServer } from '../../src/labels/server/server.ts';
import {
  initialParameters,
  modelIdentity,
  parameterSpecs,
  readModelConfig,
  writeModelFolder,
} from '../../src/model/index.ts';
import { create, type TeacherInit } from '../../src/teacher/program.ts';
import { allocate, flatLayout } from '../../src/tensor/layout.ts';
import { memoryNetwork, memoryTransport } from '../../src/transport/memory.ts';
import { rowTokens } from '../labels/fixtures.ts';

export const SHAPE = { positions: 12, vocabulary: 64 };
export const TOKENS = {
  rows: 24,
  rowLength: 13,
  vocabularySize: 64,
  read: (row: number) => rowTokens(row, SHAPE),
};
export const SAMPLED: DrawingRule = { kind: 'sampled', draws: 20, temperature: 1, seed: 3 };

let folder = '';
let teacher = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'teacher-'));
  const config = await readModelConfig(join(packageRoot(), 'models', 'micro-tied'));
  const layout = flatLayout(parameterSpecs(config));
  const buckets = allocate(layout);
  initialParameters({ ...config, initializerRange: 0.5 }, 1, { layout, buckets });
  await writeModelFolder(join(folder, 'model'), { config, layout, buckets });
  teacher = await modelIdentity(join(folder, 'model'));
});
after(() => rm(folder, { recursive: true }));

export const identityOf = (rule: DrawingRule): LabelIdentity => ({
  tokenizer: 'a'.repeat(64),
  data: 'b'.repeat(64),
  teacher,
  rule,
});

export const initOf = (rule: DrawingRule, rows = 4): TeacherInit => ({
  modelFolder: join(folder, 'model'),
  identity: identityOf(rule),
  rows,
  ...SHAPE,
  threads: 1,
  device: 'cpu',
});

export async function records(
  rule: DrawingRule,
  rows: readonly number[],
  batch: number,
): Promise<Uint8Array[]> {
  return scoped(async (scope) => {
    const program = scope.use(await create(initOf(rule, batch)));
    return (await program.label({ rows, tokens: rows.map(TOKENS.read) })).records;
  });
}

export const decoded = (
  record: Uint8Array,
  row: number,
  rule: DrawingRule,
  identity: LabelIdentity = identityOf(rule),
) =>
  decodeRecord(record, {
    row,
    identity: identityHash(identity),
    tokenHash: tokenHash(TOKENS.read(row)),
  });

export async function pool(scope: Scope, rule: DrawingRule) {
  const transport = scope.use(memoryTransport(memoryNetwork()));
  const identity = identityOf(rule);
  const store = memoryStore();
  const demand = { length: TOKENS.rows, at: (index: number) => index };
  const server = await openLabelServer({
    transport,
    endpoint: 'memory://*',
    store,
    identity,
    tokens: TOKENS,
    demand,
  });
  scope.defer(() => server.close());
  return { transport, identity, store, server, endpoint: server.endpoint };
}
