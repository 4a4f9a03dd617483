import { BrineError } from '../base/errors.ts';
import { within } from '../base/deadline.ts';
import type { Client, Frame, Transport } from '../transport/transport.ts';
import type { LabelIdentity } from './identity.ts';
import {
  decodeToPeer,
  encodeFromPeer,
  malformed,
  type FromPeer,
  type PeerRole,
  type ToPeer,
  type Welcome,
} from './messages.ts';

/** How a peer reaches the label cache. */
export interface LinkOptions {
  readonly transport: Transport;
  readonly endpoint: string;
  readonly role: PeerRole;
  /** An observer may leave it out. */
  readonly identity?: LabelIdentity;
  /** How long the cache may take to answer. Default 20,000. */
  readonly joinMs?: number;
}

/** A connection that the cache has welcomed. */
export interface Link {
  readonly welcome: Welcome;
  send(message: FromPeer, frames?: readonly Frame[]): Promise<void>;
  /** The next message; undefined when the cache has said Bye or the link was closed. Throws BAD_MESSAGE. */
  receive(): Promise<{ message: ToPeer; frames: Frame[] } | undefined>;
  close(): Promise<void>;
}

/**
 * Says Hello to the cache. Throws DEADLINE when nobody answers, and the cache's own refusal: TOKENIZER_MISMATCH, DATA_MISMATCH,
 * TEACHER_MISMATCH, RULE_MISMATCH, BAD_ARGUMENT (a teacher for a replay).
 */
export async function joinCache(options: LinkOptions): Promise<Link> {
  const { transport, endpoint, role, identity, joinMs = 20_000 } = options;
  const client = await transport.dial(endpoint);
  try {
    await client.send([encodeFromPeer({ kind: 'hello', role, identity })]);
    const first = await within(client.receive(), joinMs, () => unanswered(endpoint, joinMs));
    const answer = decodeToPeer(first[0]);
    if (answer.kind === 'refused' || answer.kind === 'failed') throw answer.error;
    if (answer.kind !== 'welcome') throw malformed(`a Hello was answered by ${answer.kind}`);
    return linkOver(client, answer);
  } catch (error) {
    await client.close();
    throw error;
  }
}

function linkOver(client: Client, welcome: Welcome): Link {
  return {
    welcome,
    send: (message, frames = []) => client.send([encodeFromPeer(message), ...frames]),
    receive: async () => {
      let received: Frame[];
      try {
        received = await client.receive();
      } catch (error) {
        if (error instanceof BrineError && error.code === 'CLOSED') return undefined;
        throw error;
      }
      const message = decodeToPeer(received[0]);
      return message.kind === 'bye' ? undefined : { message, frames: received.slice(1) };
    },
    close: () => client.close(),
  };
}

function unanswered(endpoint: string, milliseconds: number): BrineError {
  return new BrineError(
    'DEADLINE',
    `no label cache answered at ${endpoint} within ${milliseconds / 1000} s`,
    {
      hint: 'Check that the cache runs ("brine cache serve"), the address and the firewall between.',
    },
  );
}

/** The error of work that the end of the cache cut off. */
export function cacheGone(endpoint: string): BrineError {
  return new BrineError('CLOSED', `the label cache at ${endpoint} has ended or the connection was closed`, {
    hint: 'Look into the log of the cache; start it again, then this process.',
  });
}
