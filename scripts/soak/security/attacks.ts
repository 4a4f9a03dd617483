/**
 * The attacks, drawn from a seed: wrong, missing or revoked keys, keys of another role, oversized
 * frames, and bytes that no honest peer sends. An attack ends when it is refused, or after a time
 * limit when it is ignored.
 */
import { connect, type Socket as TcpSocket } from 'node:net';
import { Dealer, Push, curveKeyPair, type Socket } from 'zeromq';
import type { Random } from '../../../src/base/random.ts';
import { encodeFromPeer } from '../../../src/labels/protocol/messages.ts';
import { proofTo } from '../../../src/security/proof.ts';
import type { Security } from '../../../src/security/security.ts';
import { IDENTITY, MAX_FRAME_BYTES, STRANGER, type Arms, type Endpoints } from './world.ts';

/** Time limit of an ignored attack, in milliseconds. */
const PATIENCE_MS = 300;

type Attack = (arms: Arms, random: Random) => Promise<void>;
type Place = keyof Endpoints;

export const ATTACKS: Readonly<Record<string, Attack>> = {
  async wrongKey(arms, random) {
    const place = placeOf(random);
    await knock(arms, place, { ...curveOf(curveKeyPair()), curveServerKey: arms.servers[place] });
  },
  async wrongServerKey(arms, random) {
    const own = curveOf(arms.keys.student.own);
    await knock(arms, placeOf(random), { ...own, curveServerKey: curveKeyPair().publicKey });
  },
  async noKey(arms, random) {
    await knock(arms, placeOf(random), {});
  },
  async plain(arms, random) {
    await knock(arms, placeOf(random), {
      plainUsername: 'student',
      plainPassword: `${random.integer(1000)}`,
    });
  },
  async revoked(arms, random) {
    const place = placeOf(random);
    await knock(arms, place, { ...curveOf(arms.keys.revoked), curveServerKey: arms.servers[place] });
  },
  /** A valid key at a socket that does not admit its role. */
  async otherRole(arms, random) {
    const { observer, teacher } = arms.keys;
    const [place, key] =
      random.integer(2) === 0 ? (['inbox', teacher] as const) : (['server', observer] as const);
    await knock(arms, place, { ...curveOf(key.own), curveServerKey: arms.servers[place] });
  },
  /** A valid, admitted key, then messages with another key's proof or none. */
  async forgedRole(arms, random) {
    const { teacher, student } = arms.keys;
    const hello = encodeFromPeer({ kind: 'hello', role: 'student', identity: IDENTITY });
    const proof = proofTo(arms.servers.cache, teacher);
    const bodies = [
      [proof, hello],
      [hello],
      [proofTo(arms.servers.server, student), hello],
      [bytesOf(random, 32), hello],
      [new Uint8Array(0), hello],
    ];
    const { cache: curveServerKey } = arms.servers;
    await knock(
      arms,
      'cache',
      { ...curveOf(teacher.own), curveServerKey },
      bodies[random.integer(bodies.length)],
    );
  },
  /** A valid key and proof, with an oversized frame. */
  async oversize(arms, random) {
    const { teacher } = arms.keys;
    const body = new Uint8Array(MAX_FRAME_BYTES + 1 + random.integer(MAX_FRAME_BYTES));
    const curve = { ...curveOf(teacher.own), curveServerKey: arms.servers.server };
    await knock(arms, 'server', curve, [proofTo(arms.servers.server, teacher), body]);
  },
  async garbage(arms, random) {
    await throwBytes(arms, random, bytesOf(random, 1 + random.integer(4096)));
  },
  /** The greeting of a CURVE client with some bytes changed, then random bytes. */
  async brokenGreeting(arms, random) {
    const bytes = greeting('CURVE');
    for (let change = random.integer(4); change >= 0; change -= 1)
      bytes[random.integer(bytes.length)] = random.integer(256);
    await throwBytes(arms, random, Buffer.concat([bytes, bytesOf(random, random.integer(512))]));
  },
  /** A valid greeting, then a command or frame with an enormous length, or an invalid HELLO. */
  async brokenHandshake(arms, random) {
    const heads = [
      Buffer.from([0x06, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
      Buffer.from([0x02, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
      Buffer.from([0x04, 200, 5, ...Buffer.from('HELLO'), 1, 0]),
      Buffer.from([0x04, 26, 5, ...Buffer.from('READY')]),
      Buffer.from([0x00, 5]),
    ];
    const head = heads[random.integer(heads.length)]!;
    await throwBytes(arms, random, Buffer.concat([greeting('CURVE'), head, bytesOf(random, 256)]));
  },
  /** Greetings of unsupported mechanisms, and messages of other protocols. */
  async otherProtocol(arms, random) {
    const texts = [
      'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01',
      'SSH-2.0-x\r\n',
      '\x01\x00',
    ];
    const talks = [
      ...['NULL', 'PLAIN', 'GSSAPI', 'X'].map(greeting),
      ...texts.map((text) => Buffer.from(text, 'latin1')),
    ];
    await throwBytes(arms, random, talks[random.integer(talks.length)]!);
  },
  /** Many simultaneous connections that close again. */
  async crowd(arms, random) {
    await Promise.all(
      Array.from({ length: 20 }, () => throwBytes(arms, random, greeting('CURVE').subarray(0, 12))),
    );
  },
};

/** Opens a connection that sends part of a greeting, byte by byte, and then stalls. Returns its socket. */
export function stall(arms: Arms, random: Random): TcpSocket {
  const socket = dialTcp(arms, random);
  const bytes = greeting('CURVE').subarray(0, random.integer(64));
  let at = 0;
  const drip = setInterval(() => {
    if (at < bytes.length) socket.write(bytes.subarray(at, ++at));
  }, 100);
  socket
    .on('error', () => undefined)
    .on('close', () => {
      clearInterval(drip);
    });
  return socket;
}

function placeOf(random: Random): Place {
  return (['server', 'inbox', 'cache'] as const)[random.integer(3)]!;
}

const curveOf = ({ publicKey, secretKey }: Security['own']) => ({
  curvePublicKey: publicKey,
  curveSecretKey: secretKey,
});

/** Connects by ZeroMQ, sends, and waits until it is refused, ignored or disconnected. */
async function knock(
  { endpoints }: Arms,
  place: Place,
  options: Record<string, string>,
  frames: readonly Uint8Array[] = [Buffer.from(STRANGER), Buffer.from(STRANGER)],
): Promise<void> {
  const kind = place === 'inbox' ? Push : Dealer;
  const socket = new kind({ ...options, linger: 0, sendTimeout: PATIENCE_MS, reconnectInterval: 10_000 });
  const over = refused(socket);
  socket.connect(endpoints[place]);
  await socket.send([...frames]).catch(() => undefined);
  await over;
  socket.close();
}

function refused(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS);
    for (const event of ['handshake:error:auth', 'handshake:error:protocol', 'disconnect'] as const) {
      socket.events.on(event, () => {
        clearTimeout(timer);
        resolve();
      });
    }
  });
}

/** Sends bytes over TCP. Resolves when the other end disconnects, or after the time limit. */
function throwBytes(arms: Arms, random: Random, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = dialTcp(arms, random);
    const timer = setTimeout(() => socket.destroy(), PATIENCE_MS / 3);
    socket
      .on('error', () => undefined)
      .on('close', () => {
        clearTimeout(timer);
        resolve();
      });
    socket.resume().write(bytes);
  });
}

function dialTcp({ endpoints }: Arms, random: Random): TcpSocket {
  const { hostname, port } = new URL(endpoints[placeOf(random)].replace('tcp:', 'http:'));
  return connect(Number(port), hostname);
}

function bytesOf(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.integer(256));
}

/** The 64-byte greeting of ZMTP 3.1: https://rfc.zeromq.org/spec/37. */
function greeting(mechanism: string): Buffer {
  const bytes = Buffer.alloc(64);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes[11] = 1;
  bytes.write(mechanism, 12, 20, 'latin1');
  return bytes;
}
