import { BrineError } from '../../base/errors.ts';
import { within } from '../../base/deadline.ts';
import { unlessAborted } from '../../base/interruption.ts';
import { listenerAt, wrongAddress } from '../../transport/listener.ts';
import type { Client, Frame, Transport } from '../../transport/transport.ts';
import { servesOf } from '../../wire/protocol.ts';
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
export interface LinkOptions {
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
export interface Link {
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
export async function joinCache(options: LinkOptions): Promise<Link> {
  const { transport, endpoint, role, identity, signal, joinMs = 20_000 } = options;
  const client = await transport.dial(endpoint, { maxFrameBytes: LABEL_FRAME_BYTES, expect: 'cache' });
  try {
    await client.send([encodeFromPeer({ kind: 'hello', role, identity })]);
    const first = await firstAnswer(client.receive(), { endpoint, signal, joinMs });
    const serves = servesOf(first[0]);
    if (serves !== undefined)
      throw wrongAddress(endpoint, { wanted: 'label cache', found: `${serves} does` });
    const answer = decodeToPeer(first[0]);
    if (answer.kind === 'refused' || answer.kind === 'failed') throw answer.error;
    if (answer.kind !== 'welcome') throw malformed(`the answer to Hello is ${answer.kind}`);
    return new ReturningLink(client, options, answer);
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function firstAnswer(
  received: Promise<Frame[]>,
  { endpoint, signal, joinMs }: { endpoint: string; signal: AbortSignal | undefined; joinMs: number },
): Promise<Frame[]> {
  const late = unanswered(endpoint, joinMs);
  try {
    return await unlessAborted(
      within(received, joinMs, () => late),
      signal,
    );
  } catch (error) {
    const found = error === late ? await listenerAt(endpoint) : undefined;
    throw found === undefined ? error : wrongAddress(endpoint, { wanted: 'label cache', found });
  }
}

class ReturningLink implements Link {
  readonly welcome: Welcome;
  readonly #client: Client;
  readonly #options: LinkOptions;
  #away: NodeJS.Timeout | undefined;
  #gone: BrineError | undefined;

  constructor(client: Client, options: LinkOptions, welcome: Welcome) {
    this.#client = client;
    this.#options = options;
    this.welcome = welcome;
    client.onLost(() => this.#greet(true));
  }

  send(message: FromPeer, frames: readonly Frame[] = []): Promise<void> {
    return this.#client.send([encodeFromPeer(message), ...frames]);
  }

  async receive(): Promise<{ message: ToPeer; frames: Frame[] } | undefined> {
    for (;;) {
      let received: Frame[];
      try {
        received = await this.#client.receive();
      } catch (error) {
        if (this.#gone) throw this.#gone;
        if (error instanceof BrineError && error.code === 'CLOSED') return undefined;
        throw error;
      }
      const message = decodeToPeer(received[0]);
      if (message.kind === 'bye') return undefined;
      if (message.kind === 'refused') throw message.error;
      if (message.kind === 'greet') {
        this.#greet(false);
        continue;
      }
      if (message.kind === 'welcome') this.#returned(message);
      return { message, frames: received.slice(1) };
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#away);
    await this.#client.close();
  }

  /**
   * Says Hello. Repeats it only after another loss, because messages sent meanwhile queue behind
   * the first one.
   */
  #greet(lost: boolean): void {
    if (this.#away !== undefined && !lost) return;
    const { role, identity, returnMs = 120_000, endpoint } = this.#options;
    this.#away ??= setTimeout(() => {
      this.#gone = cacheGone(endpoint, `did not come back within ${returnMs / 1000} s`);
      void this.#client.close();
    }, returnMs);
    this.#client.send([encodeFromPeer({ kind: 'hello', role, identity })]).catch(() => undefined); // the client was closed
  }

  /** Throws the mismatch when a different cache answers at the same address. */
  #returned({ identity }: Welcome): void {
    clearTimeout(this.#away);
    this.#away = undefined;
    if (canonicalText(identity) === canonicalText(this.welcome.identity)) return;
    const before = { name: 'this process', identity: this.welcome.identity };
    throw (
      describeMismatch({ name: `the label cache at ${this.#options.endpoint}`, identity }, before) ??
      malformed('')
    );
  }
}

/** How a peer connects to a cache with several servers. */
export interface PartsOptions extends Omit<LinkOptions, 'endpoint'> {
  /** Endpoints of all servers in any order, or of one server that knows the others. */
  readonly endpoints: readonly string[];
}

/**
 * Connects to all servers of a cache; returns the links in partition order. Throws like joinCache,
 * and BAD_ARGUMENT for missing or duplicate partitions.
 */
export async function joinParts({ endpoints, ...options }: PartsOptions): Promise<Link[]> {
  const links: Link[] = [];
  try {
    for (const endpoint of endpoints) links.push(await joinCache({ ...options, endpoint }));
    const known = links.find(({ welcome }) => welcome.endpoints.length > endpoints.length)?.welcome.endpoints;
    for (const [part, endpoint] of (known ?? []).entries()) {
      if (links.every(({ welcome }) => welcome.part !== part))
        links.push(await joinCache({ ...options, endpoint }));
    }
    return inPartitionOrder(links, endpoints);
  } catch (error) {
    await Promise.all(links.map((link) => link.close()));
    throw error;
  }
}

function inPartitionOrder(links: readonly Link[], endpoints: readonly string[]): Link[] {
  const sorted = links.toSorted((a, b) => a.welcome.part - b.welcome.part);
  const whole = sorted.every(({ welcome }, part) => welcome.part === part && welcome.parts === links.length);
  if (whole && links.length > 0) return sorted;
  const found = sorted.map(({ welcome }) => `${welcome.part + 1} of ${welcome.parts}`).join(', ');
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
