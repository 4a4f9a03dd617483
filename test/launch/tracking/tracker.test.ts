/** Tracking in MLflow, over real HTTP with recorded answers. */
import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { BrineError } from '../../../src/base/errors.ts';
import { deferred, type Deferred } from '../../../src/base/promises.ts';
import { packageRoot } from '../../../src/base/files/files.ts';
import type { Metric, Parameter } from '../../../src/launch/tracking/mlflow-client.ts';
import { tracked } from '../../../src/launch/tracking/tracked.ts';
import { Tracker } from '../../../src/launch/tracking/tracker.ts';
import { readRecipe, type Recipe } from '../../../src/recipe/recipe.ts';
import { runFolder } from '../../../src/recipe/run-folder.ts';
import { ANSWERS, playServer, type Answer, type PlayedServer, type Received } from './mlflow-server.ts';

const FAST = { every: 5, longest: 20, request: 2000, end: 2000 };
const RUN = '23ae1bf9faea4655af30e7f59e6266c7';

let folder: string;
let recipe: Recipe;
let notes: string[];
/** Resolves with the first note. */
let noted: Deferred<void>;
let server: PlayedServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brine-mlflow-'));
  recipe = await readRecipe(join(packageRoot(), 'cluster', 'nano-salt.yaml'), [
    `run=${join(folder, 'salt')}`,
  ]);
  await mkdir(dirname(runFolder(recipe.run).metrics('student-0')), { recursive: true });
  notes = [];
  noted = deferred();
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

const optionsFor = (address: string, more = {}) => ({
  tracking: { server: address, experiment: 'brine' },
  recipe,
  note: (text: string) => {
    notes.push(text);
    noted.resolve();
  },
  pace: { ...FAST, ...more },
});

function stepLine(step: number): object {
  return {
    time: new Date(1_700_000_000_000 + 1000 * step).toISOString(),
    role: 'student-0',
    event: 'step',
    step,
    loss: 8 - step / 100,
    learningRate: 0.004,
    gradientNorm: 1,
    weight: 0,
    tokensPerSecond: 1000,
    seconds: 2,
    computeSeconds: 1,
    ringSeconds: 0.5,
    waitSeconds: 0.25,
  };
}

function write(...lines: readonly object[]): Promise<void> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return appendFile(runFolder(recipe.run).metrics('student-0'), text);
}

const batches = ({ received }: PlayedServer) => received.filter(({ call }) => call === 'POST runs/log-batch');
const metricsIn = ({ body }: Received) => (body['metrics'] ?? []) as Metric[];
const lossesOf = (played: PlayedServer) =>
  batches(played).flatMap((request) => metricsIn(request).filter(({ key }) => key === 'train/loss'));
const hasLossOf = (step: number) => (request: Received) =>
  metricsIn(request).some((metric) => metric.key === 'train/loss' && metric.step === step);

test('a run is created with its parameters, gets the metrics of the file, and ends', async () => {
  server = await playServer();
  const tracker = new Tracker(optionsFor(server.address));
  await write({ event: 'begin', step: 0 }, stepLine(1));
  await server.seen(hasLossOf(1));
  await write(stepLine(2), { ...stepLine(2), event: 'evaluation', loss: 7.5, accuracy: 0.1 });
  await tracker.end('FINISHED');

  const calls = server.received.map(({ call }) => call);
  assert.deepEqual(calls.slice(0, 3), [
    'GET experiments/get-by-name?experiment_name=brine',
    'POST experiments/create',
    'POST runs/create',
  ]);
  const created = server.received[2]!.body;
  assert.equal(created['experiment_id'], '1');
  assert.equal(created['run_name'], 'salt');
  const parameters = new Map(
    batches(server)
      .flatMap(({ body }) => (body['params'] ?? []) as Parameter[])
      .map(({ key, value }) => [key, value]),
  );
  assert.equal(parameters.get('plan.0.distil'), '120');
  assert.equal(parameters.get('plan.1.plain'), '360');
  assert.equal(parameters.get('optimizer.adamw.rate'), '0.004');
  const metrics = batches(server).flatMap(metricsIn);
  assert.deepEqual(
    metrics.filter(({ step }) => step === 1).map(({ key, value }) => [key, value]),
    [
      ['train/loss', 7.99],
      ['train/learning rate', 0.004],
      ['train/gradient norm', 1],
      ['train/teacher weight', 0],
      ['speed/tokens a second', 1000],
      ['time/compute share', 0.5],
      ['time/ring share', 0.25],
      ['time/wait share', 0.125],
    ],
  );
  const validation = metrics.find(({ key }) => key === 'validation/loss');
  assert.deepEqual(validation, { key: 'validation/loss', value: 7.5, timestamp: 1_700_000_002_000, step: 2 });
  const last = server.received.at(-1)!;
  assert.equal(last.call, 'POST runs/update');
  assert.deepEqual([last.body['run_id'], last.body['status']], [RUN, 'FINISHED']);
  assert.deepEqual(notes, []);
});

test('an experiment that another run creates at the same time is used', async () => {
  let asked = 0;
  const found: Answer = { status: 200, body: { experiment: { experiment_id: '9' } } };
  const exists: Answer = { status: 400, body: { error_code: 'RESOURCE_ALREADY_EXISTS', message: 'exists' } };
  server = await playServer(({ call }) => {
    if (call.startsWith('GET experiments/')) return (asked += 1) === 1 ? ANSWERS[call] : found;
    return call === 'POST experiments/create' ? exists : ANSWERS[call];
  });
  await new Tracker(optionsFor(server.address)).end('FINISHED');
  const created = server.received.find(({ call }) => call === 'POST runs/create');
  assert.equal(created?.body['experiment_id'], '9');
  assert.deepEqual(notes, []);
});

test('batches have at most 1000 metrics and 100 parameters, and together every step once', async () => {
  server = await playServer();
  await write(...Array.from({ length: 1000 }, (_, i) => stepLine(i + 1)));
  await new Tracker(optionsFor(server.address)).end('FINISHED');
  for (const request of batches(server)) {
    assert.ok(metricsIn(request).length <= 1000);
    assert.ok(((request.body['params'] ?? []) as Parameter[]).length <= 100);
  }
  assert.deepEqual(
    lossesOf(server).map(({ step }) => step),
    Array.from({ length: 1000 }, (_, i) => i + 1),
  );
});

test('a resumed run continues its MLflow run after the metrics that the server has', async () => {
  server = await playServer();
  await write(stepLine(1));
  await new Tracker(optionsFor(server.address)).end('KILLED');
  await write(stepLine(2));
  await new Tracker(optionsFor(server.address)).end('FINISHED');
  assert.equal(server.received.filter(({ call }) => call === 'POST runs/create').length, 1);
  assert.deepEqual(
    lossesOf(server).map(({ step }) => step),
    [1, 2],
  );
  const states = server.received
    .filter(({ call }) => call === 'POST runs/update')
    .map(({ body }) => body['status']);
  assert.deepEqual(states, ['KILLED', 'RUNNING', 'FINISHED']);
});

test('a run that was deleted on the server begins again, with all its metrics', async () => {
  server = await playServer();
  await write(stepLine(1));
  await new Tracker(optionsFor(server.address)).end('KILLED');
  const { address } = server;
  await server.close();
  const missing: Answer = {
    status: 404,
    body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: `Run with id=${RUN} not found` },
  };
  let deleted = true;
  server = await playServer(
    ({ call }) => {
      if (call === 'POST runs/create') deleted = false;
      return deleted && call.startsWith('POST runs/') ? missing : ANSWERS[call];
    },
    Number(new URL(address).port),
  );
  await new Tracker(optionsFor(address)).end('FINISHED');
  assert.deepEqual(
    lossesOf(server).map(({ step }) => step),
    [1],
  );
});

test('a server that goes away is noted once, and gets everything when it is back', async () => {
  server = await playServer();
  const { address } = server;
  const tracker = new Tracker(optionsFor(address));
  await write(stepLine(1));
  await server.seen(hasLossOf(1));
  await server.close();
  await write(stepLine(2), stepLine(3));
  await noted.promise;
  server = await playServer(undefined, Number(new URL(address).port));
  await server.seen(hasLossOf(3));
  await tracker.end('FINISHED');
  assert.deepEqual(
    lossesOf(server).map(({ step }) => step),
    [2, 3],
  );
  assert.equal(notes.length, 1);
  assert.match(notes[0]!, /^MLflow at http:\/\/127\.0\.0\.1:\d+: no answer: .*\. The run continues/);
});

test('a refused batch is left out, and later ones are sent', async () => {
  server = await playServer((request) =>
    hasLossOf(1)(request)
      ? { status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE', message: 'no such metric' } }
      : ANSWERS[request.call],
  );
  const tracker = new Tracker(optionsFor(server.address));
  await write(stepLine(1));
  await server.seen(hasLossOf(1));
  await write(stepLine(2));
  await server.seen(hasLossOf(2));
  await tracker.end('FINISHED');
  assert.equal(lossesOf(server).filter(({ step }) => step === 1).length, 1);
  assert.match(notes.join(), /INVALID_PARAMETER_VALUE: no such metric/);
});

test('a server that never answers holds up the end of a run for a bounded time', async () => {
  server = await playServer(() => undefined);
  const tracker = new Tracker(optionsFor(server.address, { request: 60_000, end: 50 }));
  await server.seen(() => true);
  await tracker.end('FINISHED');
  assert.equal(notes.length, 1);
});

test('credentials are sent with every request, and stay out of notes and files', async () => {
  server = await playServer(() => ({ status: 401, body: { message: 'Unauthorized' } }));
  const options = optionsFor(server.address);
  const authorization = 'Bearer secret-token';
  await new Tracker({ ...options, tracking: { ...options.tracking, authorization } }).end('FINISHED');
  assert.ok(server.received.every((request) => request.authorization === authorization));
  assert.match(notes.join(), /status 401: Unauthorized/);
  assert.doesNotMatch(notes.join(), /secret/);
  await server.close();
  server = await playServer();
  const again = optionsFor(server.address);
  await new Tracker({ ...again, tracking: { ...again.tracking, authorization } }).end('FINISHED');
  assert.doesNotMatch(await readFile(runFolder(recipe.run).tracking, 'utf8'), /secret/);
});

test('a torn line and numbers that are not finite are left out', async () => {
  server = await playServer();
  const path = runFolder(recipe.run).metrics('student-0');
  await appendFile(path, '{"event":"step","st\n');
  await write({ ...stepLine(1), gradientNorm: null });
  await new Tracker(optionsFor(server.address)).end('FINISHED');
  const keys = batches(server)
    .flatMap(metricsIn)
    .map(({ key }) => key);
  assert.ok(keys.includes('train/loss'));
  assert.ok(!keys.includes('train/gradient norm'));
});

test('a run that fails or is stopped has that status in MLflow, and its error is thrown', async () => {
  server = await playServer();
  const options = optionsFor(server.address);
  const stopped = new BrineError('CANCELLED', 'stopped', { hint: 'none' });
  await assert.rejects(
    tracked(options, () => Promise.reject(stopped)),
    stopped,
  );
  await assert.rejects(
    tracked(options, () => Promise.reject(new Error('broken'))),
    /broken/,
  );
  assert.equal(await tracked({ ...options, tracking: undefined }, () => Promise.resolve(3)), 3);
  const states = server.received
    .filter(({ call }) => call === 'POST runs/update')
    .map(({ body }) => body['status']);
  assert.deepEqual(states, ['KILLED', 'RUNNING', 'FAILED']);
});
