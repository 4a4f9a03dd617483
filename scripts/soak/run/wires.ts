/**
 * Wires that can fail: a TCP proxy in front of every ring inbox of a run. A wrapper of the
 * coordinator's transport replaces the inbox endpoints in messages by those of proxies, so the ranks
 * need no changes.
 */
import { createServer, connect, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import type { FromRole } from '../../../src/control/messages.ts';
import { decodeFromRole, encodeFromRole } from '../../../src/control/message-codec.ts';
import type { Frame, Server, Transport } from '../../../src/transport/transport.ts';

export type WireFault = 'cut' | 'flip' | 'delay';

/** Milliseconds for which a delayed wire transmits nothing. */
const DELAY_MS = 700;

class Wire {
  readonly #server: TcpServer;
  readonly #sockets = new Set<Socket>();
  /** Number of bits to flip in the next data. */
  #flips = 0;

  private constructor(target: { host: string; port: number }) {
    this.#server = createServer((from) => {
      const to = connect(target);
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const) {
        this.#sockets.add(one);
        one.setNoDelay(true);
        one.on('data', (bytes) => this.#pass(bytes, one, other));
        one.on('error', () => undefined); // 'close' follows
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
  }

  static async open(endpoint: string): Promise<Wire> {
    const { hostname, port } = new URL(endpoint);
    const wire = new Wire({ host: hostname, port: Number(port) });
    await new Promise<void>((resolve) => wire.#server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  get endpoint(): string {
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** False if no rank is connected through the wire. */
  fail(fault: WireFault): boolean {
    if (this.#sockets.size === 0) return false;
    if (fault === 'flip') this.#flips = 1;
    else
      for (const socket of this.#sockets) {
        if (fault === 'cut') socket.destroy();
        else this.#hold(socket);
      }
    return true;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #pass(bytes: Buffer, from: Socket, to: Socket): void {
    // Flip only inside larger pieces: they contain sums, where every flipped bit must be detected.
    if (this.#flips > 0 && bytes.length > 256) {
      this.#flips = 0;
      bytes[bytes.length >> 1]! ^= 1 << (bytes.length & 7);
    }
    if (to.destroyed || to.write(bytes)) return;
    from.pause();
    to.once('drain', () => from.resume());
  }

  #hold(socket: Socket): void {
    socket.pause();
    setTimeout(() => socket.resume(), DELAY_MS).unref();
  }
}

/** The wires of a run, by the rank of the inbox. */
export class Wires {
  readonly #wires = new Map<number, Wire>();

  /** False if no rank is connected to this inbox. */
  fail(rank: number, fault: WireFault): boolean {
    return this.#wires.get(rank)?.fail(fault) ?? false;
  }

  /** The wrapped transport for the coordinator. */
  before(transport: Transport): Transport {
    return {
      serve: async (endpoint, options) => this.#rewritten(await transport.serve(endpoint, options)),
      dial: (endpoint, options) => transport.dial(endpoint, options),
      inbox: (endpoint, options) => transport.inbox(endpoint, options),
      outbox: (endpoint, options) => transport.outbox(endpoint, options),
      close: () => transport.close(),
    };
  }

  close(): void {
    for (const wire of this.#wires.values()) wire.close();
    this.#wires.clear();
  }

  #rewritten(server: Server): Server {
    const ranks = new Map<string, number>();
    return {
      endpoint: server.endpoint,
      receive: async () => {
        const { peer, frames } = await server.receive();
        return { peer, frames: [await this.#rewrite(peer, frames[0]!, ranks)] };
      },
      send: (peer, frames) => server.send(peer, frames),
      onGone: (listener) => server.onGone(listener),
      close: () => server.close(),
    };
  }

  async #rewrite(peer: string, frame: Frame, ranks: Map<string, number>): Promise<Frame> {
    let message: FromRole;
    try {
      message = decodeFromRole(frame);
    } catch {
      return frame;
    }
    if (message.kind === 'hello' && message.id.role === 'student') ranks.set(peer, message.id.rank);
    const rank = ranks.get(peer);
    if (rank === undefined || (message.kind !== 'hello' && message.kind !== 'awaitingRendezvous'))
      return frame;
    this.#wires.get(rank)?.close();
    const wire = await Wire.open(message.endpoint);
    this.#wires.set(rank, wire);
    return encodeFromRole({ ...message, endpoint: wire.endpoint });
  }
}
