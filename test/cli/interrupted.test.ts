/** Waiting commands end promptly on a signal in every state, with CANCELLED and exit code 143 or 130. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { entryPoint } from '../../src/base/entry-points.ts';
import { packageRoot } from '../../src/base/files/files.ts';
import { scoped, type Scope } from '../../src/base/scope.ts';
import { memoryStore } from '../../src/labels/store/memory.ts';
import { openLabelServer } from '../../src/labels/server/server.ts';
import { loaded } from '../../src/cli/command.ts';
import { zmqTransport } from '../../src/transport/zmq.ts';
import { IDENTITY } from '../labels/fixtures.ts';
import { TOKENS } from '../labels/served.ts';

const main = fileURLToPath(entryPoint('main'));
const folder = await mkdtemp(join(tmpdir(), 'brine-interrupted-'));
after(() => rm(folder, { recursive: true, force: true }));

/** Starts a server that accepts connections and never answers. `dialled` resolves at the first connection. */
async function silence(scope: Scope): Promise<{ port: number; dialled: Promise<unknown> }> {
  const server = createServer((socket) => {
    scope.defer(() => void socket.destroy());
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scope.defer(() => void server.close());
  return { port: (server.address() as AddressInfo).port, dialled: once(server, 'connection') };
}

/** Signals a command once `until` resolves. Returns its exit code by shell convention, and its error. */
async function interrupted(words: readonly string[], signal: NodeJS.Signals, until: Promise<unknown>) {
  const child = spawn(process.execPath, [main, ...words, '--json'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (bytes) => (said += String(bytes)));
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  await Promise.race([until, ended]);
  child.kill(signal);
  const [code, by] = await ended;
  const last = said.trim().split('\n').at(-1) ?? '';
  const { error } = JSON.parse(last) as { error: { code: string; hint: string } };
  return { code: code ?? 128 + constants.signals[by!], error };
}

test('a signal ends a teacher that is connecting to its cache', { timeout: 60_000 }, () =>
  scoped(async (scope) => {
    const { port, dialled } = await silence(scope);
    const words = ['teacher', '--cache', `tcp://127.0.0.1:${port}`];
    const { code, error } = await interrupted(words, 'SIGTERM', dialled);
    assert.deepEqual([code, error.code], [143, 'CANCELLED']);
    assert.notEqual(error.hint, '');
  }),
);

test('a signal ends a launch that waits for its head', { timeout: 60_000 }, () =>
  scoped(async (scope) => {
    const { port, dialled } = await silence(scope);
    const recipe = join(folder, 'launch.yaml');
    const lines = Array.from({ length: 300 }, (_, i) => `Line ${i} says that ${i % 7} is not ${i % 5}.\n`);
    await writeFile(join(folder, 'text.txt'), lines.join(''));
    await writeFile(
      recipe,
      `run: ${join(folder, 'launch')}
data: { corpus: ${join(folder, 'text.txt')}, vocabulary: 300, row: 16, validation: 10%, prepared: ${join(folder, 'data')} }
student: { model: ${join(packageRoot(), 'models', 'micro-tied')} }
batch: { rows: 4 }
roles: { ranks: 2 }
`,
    );
    const place = ['--nnodes', '2', '--node-rank', '1', '--head', `127.0.0.1:${port}`];
    const { code, error } = await interrupted(['launch', recipe, ...place], 'SIGINT', dialled);
    assert.deepEqual([code, error.code], [130, 'CANCELLED']);
  }),
);

test(
  'a signal ends a teacher whose cache does not answer its request for the model',
  { timeout: 60_000 },
  () =>
    scoped(async (scope) => {
      const transport = zmqTransport();
      scope.defer(() => transport.close());
      let asked: () => void = () => undefined;
      const reading = new Promise<void>((resolve) => (asked = resolve));
      let release: (part: Uint8Array) => void = () => undefined;
      const server = await openLabelServer({
        transport,
        endpoint: 'tcp://127.0.0.1:*',
        store: memoryStore(),
        identity: IDENTITY,
        tokens: TOKENS,
        model: {
          files: [{ name: 'config.json', size: 10, sha256: 'f'.repeat(64) }],
          read: () => {
            asked();
            return new Promise((resolve) => (release = resolve));
          },
        },
      });
      scope.defer(() => server.close());
      scope.defer(() => release(new Uint8Array(10)));
      const words = ['teacher', '--cache', server.endpoint, '--store', join(folder, 'store')];
      const { code, error } = await interrupted(words, 'SIGTERM', reading);
      assert.deepEqual([code, error.code], [143, 'CANCELLED']);
    }),
);

/** By shell conventions: 128 and the signal's number. */
const CODES = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGUSR1: 138, SIGUSR2: 140, SIGTERM: 143 } as const;

for (const [signal, exitCode] of Object.entries(CODES) as [keyof typeof CODES, number][]) {
  test(
    `${signal} ends status with code ${exitCode} while its coordinator does not answer`,
    { timeout: 60_000 },
    () =>
      scoped(async (scope) => {
        const { port, dialled } = await silence(scope);
        const words = ['status', '--coordinator', `tcp://127.0.0.1:${port}`];
        const { code, error } = await interrupted(words, signal, dialled);
        assert.deepEqual([code, error.code], [exitCode, 'CANCELLED']);
      }),
  );
}

test('a signal ends a command while its modules are loading', { timeout: 10_000 }, async () => {
  const stopped = new AbortController();
  const loading = loaded(new Promise(() => undefined), { signal: stopped.signal });
  stopped.abort();
  await assert.rejects(loading, { code: 'CANCELLED' });
});
