/**
 * Attacks the sockets of a run while an honest client and an honest neighbour use them. A seed
 * determines the attacks. The target is a separate process. No attacker may be admitted, none of
 * their messages may be delivered, and the honest peers must not be affected.
 *
 *     npm run -s soak -- security --tries 1000 --seed 1 --json
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Socket as TcpSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { within } from '../../../src/base/deadline.ts';
import { BrineError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import { scoped, type Scope } from '../../../src/base/scope.ts';
import { readSecurity, writeKeys } from '../../../src/security/folder.ts';
import { newKeyPair } from '../../../src/security/keys.ts';
import { zmqTransport } from '../../../src/transport/zmq.ts';
import type { SoakOptions } from '../soak.ts';
import { ATTACKS, stall } from './attacks.ts';
import { HONEST, MAX_FRAME_BYTES, type Arms, type Counts, type Endpoints } from './world.ts';

/** Time limit for answers to honest peers, in milliseconds. */
const HONEST_MS = 5_000;
/** Number of simultaneously stalled peers, and the time in which the target must drop each. */
const STALLED = 20;
const STALL_MS = 15_000;

/** Settings: tries=1000 seed=1. */
export async function soak({ settings, observe }: SoakOptions) {
  const tries = Number(settings['tries'] ?? 1000);
  const seed = Number(settings['seed'] ?? 1);
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'brine-security-'));
  try {
    const total = await scoped((scope) =>
      attackAll(scope, { folder, tries, random: new Random(seed), observe }),
    );
    const seconds = Math.round((performance.now() - began) / 1000);
    const record = { soak: 'security', tries, ...total, seed, seconds };
    const { admitted, crashes, disturbed, stalledLeft, honest } = record;
    return {
      record,
      passed: admitted === 0 && crashes === 0 && disturbed === 0 && stalledLeft === 0 && honest > 0,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Plan {
  readonly folder: string;
  readonly tries: number;
  readonly random: Random;
  readonly observe: (text: string) => void;
}

async function attackAll(scope: Scope, { folder, tries, random, observe }: Plan) {
  await writeKeys(folder);
  const target = scope.use(await Target.start(folder));
  const arms = await armsFor(folder, target.endpoints);
  const honest = scope.use(await Honest.open(folder, target.endpoints));
  const byKind: Record<string, number> = {};
  const kinds = Object.keys(ATTACKS);
  const stalled: TcpSocket[] = [];
  scope.defer(() => stalled.forEach((socket) => socket.destroy()));
  let slowest = 0;
  for (let done = 0; done < tries; done += 1) {
    const at = random.integer(kinds.length + 1);
    const kind = kinds[at] ?? 'slow';
    byKind[kind] = (byKind[kind] ?? 0) + 1;
    if (at < kinds.length) await ATTACKS[kind]!(arms, random);
    else {
      stalled.push(stall(arms, random));
      if (stalled.length > STALLED) await hungUp(stalled.shift()!);
    }
    slowest = Math.max(slowest, await honest.exchange());
    if (done % 100 === 99) observe(`${done + 1} of ${tries} tries`);
  }
  let stalledLeft = 0;
  for (const socket of stalled) if (!(await hungUp(socket))) stalledLeft += 1;
  await honest.exchange();
  const counts = await target.counts();
  return {
    admitted: counts.strangers + counts.joined,
    crashes: target.crashes,
    /** Failed exchanges of the honest client and neighbour, and disconnects reported to them. */
    disturbed: honest.sent - counts.honest + honest.lost + counts.lost,
    honest: counts.honest,
    slowestHonestMs: Math.round(slowest),
    refusedRoles: counts.refused,
    stalledLeft,
    byKind,
  };
}

async function hungUp(socket: TcpSocket): Promise<boolean> {
  if (socket.closed || socket.destroyed) return true;
  const late = new BrineError('DEADLINE', 'a stalled peer is still connected', { hint: '' });
  const closed = new Promise<boolean>((resolve) => socket.resume().on('close', () => resolve(true)));
  return within(closed, STALL_MS, () => late).catch(() => false);
}

async function armsFor(folder: string, endpoints: Endpoints): Promise<Arms> {
  const revoked = newKeyPair();
  const admission = join(folder, 'teacher.revoked.public');
  await writeFile(admission, `${revoked.publicKey}\n`);
  await rm(admission);
  const names = ['student', 'teacher', 'observer'] as const;
  const [student, teacher, observer] = await Promise.all(names.map((role) => readSecurity(folder, role)));
  return {
    endpoints,
    keys: { student: student!, teacher: teacher!, observer: observer!, revoked },
    servers: {
      server: student!.serverKey('coordinator'),
      inbox: student!.serverKey('student'),
      cache: student!.serverKey('cache'),
    },
  };
}

/** The process under attack. */
class Target {
  readonly endpoints: Endpoints;
  readonly #child: ChildProcess;
  #isClosing = false;
  #crashes = 0;

  private constructor(child: ChildProcess, endpoints: Endpoints) {
    this.#child = child;
    this.endpoints = endpoints;
    child.once('exit', () => {
      if (!this.#isClosing) this.#crashes += 1;
    });
  }

  static async start(folder: string): Promise<Target> {
    const file = fileURLToPath(new URL('target.js', import.meta.url));
    const child = fork(file, [folder], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [endpoints] = (await once(child, 'message')) as [Endpoints];
    return new Target(child, endpoints);
  }

  get crashes(): number {
    return this.#crashes;
  }

  async counts(): Promise<Counts> {
    const answer = once(this.#child, 'message') as Promise<[Counts]>;
    this.#child.send('counts');
    return (await answer)[0];
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#crashes > 0) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** A client of the server and a neighbour of the inbox, both with the key of a student. */
class Honest {
  sent = 0;
  lost = 0;
  readonly #transport;
  readonly #client;
  readonly #outbox;

  private constructor(
    transport: ReturnType<typeof zmqTransport>,
    ends: {
      client: Awaited<ReturnType<typeof transport.dial>>;
      outbox: Awaited<ReturnType<typeof transport.outbox>>;
    },
  ) {
    this.#transport = transport;
    this.#client = ends.client;
    this.#outbox = ends.outbox;
    for (const end of [ends.client, ends.outbox]) end.onLost(() => (this.lost += 1));
  }

  static async open(folder: string, endpoints: Endpoints): Promise<Honest> {
    const transport = zmqTransport({ security: await readSecurity(folder, 'student') });
    const limits = { maxFrameBytes: MAX_FRAME_BYTES };
    const client = await transport.dial(endpoints.server, { expect: 'coordinator', ...limits });
    const outbox = await transport.outbox(endpoints.inbox, { expect: 'student', ...limits });
    return new Honest(transport, { client, outbox });
  }

  /** Sends a request to the server and a message to the inbox. Returns the milliseconds until the answer. Throws DEADLINE. */
  async exchange(): Promise<number> {
    const began = performance.now();
    const word = Buffer.from(HONEST);
    await this.#outbox.send([word]);
    await this.#client.send([word]);
    this.sent += 2;
    const late = new BrineError('DEADLINE', `no answer within ${HONEST_MS} ms`, { hint: '' });
    await within(this.#client.receive(), HONEST_MS, () => late);
    return performance.now() - began;
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}
