import { BrineError } from '../../base/errors.ts';
import { firstAnswer } from '../../transport/listener.ts';
import { ServerSession } from '../../transport/server-session.ts';
import type { Frame, Transport } from '../../transport/transport.ts';
import { canonicalText, describeMismatch, type LabelIdentity } from '../identity.ts';
import { malformed } from './message-parts.ts';
import {
  decodeToPeer,
  encodeFromPeer,
  LABEL_FRAME_BYTES,
  type FromPeer,
  type PeerRole,
  type ToPeer,
  type Welcome,
} from './messages.ts';

/** How a peer connects to one cache server. */
export interface CacheLinkOptions {
  readonly transport: Transport;
  readonly endpoint: string;
  readonly role: PeerRole;
  /** Optional for observers. */
  readonly identity?: LabelIdentity;
  /** Aborts the wait for the first answer. */
  readonly signal?: AbortSignal | undefined;
  /** Deadline of the server's first answer. Default 20,000. */
  readonly joinMs?: number;
  /** How long to wait for a lost server to return. Default 120,000. */
  readonly returnMs?: number;
}

/**
 * A connection that the server has welcomed. After a restart of the server or a lost connection,
 * the link says Hello again, and `receive` returns the new Welcome. Unanswered requests must then
 * be repeated.
 */
export interface CacheLink {
  /** The first Welcome. */
  readonly welcome: Welcome;
  send(message: FromPeer, frames?: readonly Frame[]): Promise<void>;
  /**
   * Receives the next message; undefined when the server said Bye or the link was closed. Throws
   * BAD_MESSAGE, the server's refusal, and CACHE_GONE when the server stayed away for too long.
   */
  receive(): Promise<{ message: ToPeer; frames: Frame[] } | undefined>;
  close(): Promise<void>;
}

/**
 * Says Hello to a cache server. Throws DEADLINE when nothing answers, ADDRESS_WRONG when another
 * service answers, CANCELLED when aborted, and the server's refusal: TOKENIZER_MISMATCH,
 * DATA_MISMATCH, TEACHER_MISMATCH, RULE_MISMATCH, BAD_ARGUMENT (a teacher for a replay).
 */
export async function joinCache(options: CacheLinkOptions): Promise<CacheLink> {
  const { transport, endpoint, role, identity, signal, joinMs = 20_000, returnMs = 120_000 } = options;
  const expected = { endpoint, server: 'label cache' };
  const session = await ServerSession.open({
    ...expected,
    transport,
    limits: { maxFrameBytes: LABEL_FRAME_BYTES, expect: 'cache' },
    hello: () => encodeFromPeer({ kind: 'hello', role, identity }),
    returnMs,
    gone: () => cacheGone(endpoint, `did not come back within ${returnMs / 1000} s`),
  });
  try {
    const late = unanswered(endpoint, joinMs);
    const first = await firstAnswer(session.receive(), { ...expected, deadlineMs: joinMs, late, signal });
    const answer = decodeToPeer(first?.[0]);
    if (answer.kind === 'refused' || answer.kind === 'failed') throw answer.error;
    if (answer.kind !== 'welcome') throw malformed(`the answer to Hello is ${answer.kind}`);
    return new SessionLink(session, endpoint, answer);
  } catch (error) {
    await session.close();
    throw error;
  }
}

class SessionLink implements CacheLink {
  readonly welcome: Welcome;
  readonly #session: ServerSession;
  readonly #endpoint: string;

  constructor(session: ServerSession, endpoint: string, welcome: Welcome) {
    this.#session = session;
    this.#endpoint = endpoint;
    this.welcome = welcome;
    session.answered();
  }

  send(message: FromPeer, frames: readonly Frame[] = []): Promise<void> {
    return this.#session.send([encodeFromPeer(message), ...frames]);
  }

  async receive(): Promise<{ message: ToPeer; frames: Frame[] } | undefined> {
    for (;;) {
      const received = await this.#received();
      if (received === undefined) return undefined;
      const message = decodeToPeer(received[0]);
      if (message.kind === 'bye') return undefined;
      if (message.kind === 'refused') throw message.error;
      if (message.kind === 'greet') {
        this.#session.greet();
        continue;
      }
      if (message.kind === 'welcome') this.#welcomed(message);
      return { message, frames: received.slice(1) };
    }
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #received(): Promise<Frame[] | undefined> {
    try {
      return await this.#session.receive();
    } catch (error) {
      if (error instanceof BrineError && error.code === 'CLOSED') return undefined;
      throw error;
    }
  }

  /** Throws the mismatch when a different cache answers at the same address. */
  #welcomed({ identity }: Welcome): void {
    this.#session.answered();
    if (canonicalText(identity) === canonicalText(this.welcome.identity)) return;
    const before = { name: 'this process', identity: this.welcome.identity };
    throw (
      describeMismatch({ name: `the label cache at ${this.#endpoint}`, identity }, before) ?? malformed('')
    );
  }
}

/** How a peer connects to a cache with several servers. */
export interface PartitionsOptions extends Omit<CacheLinkOptions, 'endpoint'> {
  /** Endpoints of all servers in any order, or of one server that knows the others. */
  readonly endpoints: readonly string[];
}

/**
 * Connects to all servers of a cache; returns the links in partition order. Throws like joinCache,
 * and BAD_ARGUMENT for missing or duplicate partitions.
 */
export async function joinPartitions({ endpoints, ...options }: PartitionsOptions): Promise<CacheLink[]> {
  const links: CacheLink[] = [];
  try {
    for (const endpoint of endpoints) links.push(await joinCache({ ...options, endpoint }));
    const known = links.find(({ welcome }) => welcome.endpoints.length > endpoints.length)?.welcome.endpoints;
    for (const [partition, endpoint] of (known ?? []).entries()) {
      if (links.every(({ welcome }) => welcome.partition !== partition))
        links.push(await joinCache({ ...options, endpoint }));
    }
    return inPartitionOrder(links, endpoints);
  } catch (error) {
    await Promise.all(links.map((link) => link.close()));
    throw error;
  }
}

function inPartitionOrder(links: readonly CacheLink[], endpoints: readonly string[]): CacheLink[] {
  const sorted = links.toSorted((a, b) => a.welcome.partition - b.welcome.partition);
  const whole = sorted.every(
    ({ welcome }, at) => welcome.partition === at && welcome.partitions === links.length,
  );
  if (whole && links.length > 0) return sorted;
  const found = sorted.map(({ welcome }) => `${welcome.partition + 1} of ${welcome.partitions}`).join(', ');
  throw new BrineError(
    'BAD_ARGUMENT',
    `the servers ${endpoints.join(', ')} are partitions ${found} of a label cache`,
    {
      hint: 'List every server of the cache once.',
    },
  );
}

function unanswered(endpoint: string, milliseconds: number): BrineError {
  return new BrineError(
    'DEADLINE',
    `no label cache answered at ${endpoint} within ${milliseconds / 1000} s`,
    {
      hint: 'Check that the cache is running, its address (roles.cache, or roles.bind on its machine), the firewall, and, with keys, that cache.public is its key.',
    },
  );
}

/** The error of a request that the end of the cache interrupted. */
export function cacheGone(endpoint: string, how?: string): BrineError {
  const what = how ?? 'has ended or the connection was closed';
  return new BrineError(
    how === undefined ? 'CLOSED' : 'CACHE_GONE',
    `the label cache at ${endpoint} ${what}`,
    {
      hint: 'Check the log of the cache, restart it, then restart this process.',
    },
  );
}
