/**
 * Kills a cache server and its teachers (SIGKILL) at random moments that a seed determines. All are
 * real processes over LMDB and tcp. Meanwhile a student in this process fetches random rows and
 * compares them with freshly drawn labels. When a round has all its rows, its store is read: it must
 * contain every row that was acknowledged to any teacher, with the right bytes.
 *
 *     npm run -s soak -- cache --kills 1000 --seed 1 --json
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Random } from '../../../src/base/random.ts';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { connectLabels, type LabelClient } from '../../../src/labels/client/client.ts';
import { tokenHash } from '../../../src/labels/record/header.ts';
import { identityHash } from '../../../src/labels/identity.ts';
import { openLmdbStore } from '../../../src/labels/store/lmdb.ts';
import { decodeRecord, type RowLabels } from '../../../src/labels/record/record.ts';
import { create } from '../../../src/teacher/program.ts';
import { zmqTransport } from '../../../src/transport/zmq.ts';
import {
  acknowledgedLog,
  identityOf,
  storeFolder,
  teacherInit,
  tokensOf,
  wordsOf,
  writeModel,
  type World,
} from './world.ts';
import type { SoakOptions } from '../soak.ts';

/** Settings: kills=1000 seed=1 teachers=2 rows=8192 (in each round). */
export async function soak({ settings, observe }: SoakOptions) {
  const number = (name: string, usual: number) => Number(settings[name] ?? usual);
  const plan = {
    kills: number('kills', 1000),
    seed: number('seed', 1),
    teachers: number('teachers', 2),
    rows: number('rows', 8192),
  };
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'brine-soak-'));
  const total = { kills: 0, serversKilled: 0, acknowledged: 0, lost: 0, wrong: 0, served: 0, unfilled: 0 };
  let round = 0;
  try {
    await writeModel(folder);
    const random = new Random(plan.seed);
    while (total.kills < plan.kills) {
      round += 1;
      const world = { folder, round, rows: plan.rows };
      await scoped((scope) => soakRound(scope, { world, plan, random, total }));
      observe(
        `round ${round}: ${total.kills} kills, ${total.acknowledged} rows acknowledged, ${total.lost} lost, ${total.wrong} wrong`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { kills, acknowledged, lost, wrong, ...more } = total;
  const seconds = Math.round((performance.now() - began) / 1000);
  const record = {
    soak: 'cache',
    kills,
    acknowledged,
    lost,
    wrong,
    ...more,
    rounds: round,
    seed: plan.seed,
    seconds,
  };
  return { record, passed: lost === 0 && wrong === 0 && total.unfilled === 0 && acknowledged > 0 };
}

interface Total {
  kills: number;
  serversKilled: number;
  acknowledged: number;
  lost: number;
  wrong: number;
  /** Rows that the student fetched and compared. */
  served: number;
  /** Rounds whose cache was not seen full in time: a lost lease, or a student whose requests go unanswered. */
  unfilled: number;
}

interface Round {
  readonly world: World;
  readonly plan: { readonly kills: number; readonly teachers: number };
  readonly random: Random;
  readonly total: Total;
}

/** Longest time between two kills, in milliseconds. */
const LONGEST_CALM = 500;
/** Time limit of a round after its last kill, in milliseconds. */
const SETTLE_MS = 120_000;

async function soakRound(scope: Scope, { world, plan, random, total }: Round): Promise<void> {
  const truth = await freshRecords(world);
  const endpoint = `tcp://127.0.0.1:${await freePort()}`;
  const start = (name: string, ...words: string[]) =>
    new Victim(name, [...wordsOf(world), endpoint, ...words]);
  const victims = [
    start('server'),
    ...Array.from({ length: plan.teachers }, (_, i) => start('teacher', String(i))),
  ];
  for (const victim of victims) scope.defer(() => victim.end());
  const student = scope.use(await studentOf(scope, world, endpoint));
  const watch = { done: false, filled: false };
  const checking = checkServed(student, { world, truth, random: new Random(world.round), total, watch });
  const deadline = performance.now() + SETTLE_MS;
  while (!watch.filled && performance.now() < deadline) {
    await wait(random.integer(LONGEST_CALM));
    if (total.kills >= plan.kills || watch.filled) continue;
    const victim = victims[random.integer(victims.length)]!;
    await victim.kill();
    total.kills += 1;
    if (victim === victims[0]) total.serversKilled += 1;
  }
  watch.done = true;
  await checking;
  if (!watch.filled) total.unfilled += 1;
  for (const victim of victims) await victim.end();
  await countLost({ world, truth, teachers: plan.teachers, total });
}

/** A process that is restarted whenever it is killed. */
class Victim {
  readonly #words: readonly string[];
  #child: ChildProcess;

  constructor(name: string, words: readonly string[]) {
    const folder = dirname(fileURLToPath(import.meta.url));
    this.#words = [join(folder, `${name}.js`), ...words];
    this.#child = this.#spawn();
  }

  async kill(): Promise<void> {
    await this.end();
    this.#child = this.#spawn();
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #spawn(): ChildProcess {
    return spawn(process.execPath, this.#words, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

/** Draws the records of all rows without a cache. */
async function freshRecords(world: World): Promise<readonly Uint8Array[]> {
  return scoped(async (scope) => {
    const program = scope.use(await create(await teacherInit(world)));
    const { read } = tokensOf(world);
    const rows = Array.from({ length: world.rows }, (_, row) => row);
    return (await program.label({ rows, tokens: rows.map(read) })).records;
  });
}

async function studentOf(scope: Scope, world: World, endpoint: string): Promise<LabelClient> {
  const transport = zmqTransport();
  scope.defer(() => transport.close());
  return connectLabels({
    transport,
    endpoints: [endpoint],
    identity: await identityOf(world),
    tokens: tokensOf(world),
    deadlineMs: SETTLE_MS,
  });
}

interface Check {
  readonly world: World;
  readonly truth: readonly Uint8Array[];
  readonly random: Random;
  readonly total: Total;
  readonly watch: { done: boolean; filled: boolean };
}

/** Fetches random rows until the round is over, and compares each with its freshly drawn labels. */
async function checkServed(
  student: LabelClient,
  { world, truth, random, total, watch }: Check,
): Promise<void> {
  const identity = identityHash(await identityOf(world));
  const { read } = tokensOf(world);
  while (!watch.done) {
    const rows = Array.from({ length: 16 }, () => random.integer(world.rows));
    const found = await student.fetch(rows);
    rows.forEach((row, i) => {
      const expected = decodeRecord(truth[row]!, { row, identity, tokenHash: tokenHash(read(row)) });
      total.served += 1;
      if (!sameLabels(found[i], expected)) total.wrong += 1;
    });
    const stats = await student.stats().catch(() => undefined); // the server may have been killed
    watch.filled = stats?.stored === world.rows;
  }
}

function sameLabels(a: RowLabels | undefined, b: RowLabels): boolean {
  const same = (x: Uint32Array | Float32Array, y: Uint32Array | Float32Array) =>
    x.length === y.length && x.every((value, i) => value === y[i]);
  return a !== undefined && same(a.offsets, b.offsets) && same(a.ids, b.ids) && same(a.weights, b.weights);
}

/** Reads the store like a later run: acknowledged rows must be present, and all rows must be right. */
async function countLost({
  world,
  truth,
  teachers,
  total,
}: Pick<Check, 'world' | 'truth' | 'total'> & { teachers: number }): Promise<void> {
  const acknowledged = new Set<number>();
  for (let teacher = 0; teacher < teachers; teacher += 1) {
    const path = acknowledgedLog(world, teacher);
    if (!existsSync(path)) continue;
    // A killed teacher may leave a partial line. Only complete lines are known to be acknowledged.
    for (const line of (await readFile(path, 'utf8')).split('\n').slice(0, -1))
      acknowledged.add(Number(line));
  }
  await scoped(async (scope) => {
    const identity = await identityOf(world);
    const store = scope.use(await openLmdbStore(storeFolder(world), { identity, readOnly: true }));
    for (const row of acknowledged) if (!store.has(row)) total.lost += 1;
    for (const row of store.rows()) if (Buffer.compare(store.get(row)!, truth[row]!) !== 0) total.wrong += 1;
  });
  total.acknowledged += acknowledged.size;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
