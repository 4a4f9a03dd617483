import { within } from '../base/deadline.ts';
import { asBrineError, BrineError } from '../base/errors.ts';
import { unlessAborted } from '../base/interruption.ts';
import { handledLater } from '../base/promises.ts';
import { tooLate } from './connection-faults.ts';
import { answeredOrLate, ControlLink, type ControlLinkOptions } from './control-link.ts';
import { encodeFromRole } from './message-codec.ts';
import { CONTROL_LIMITS, nameOf, type Peer, type Role, type Start } from './messages.ts';

export interface JoinOptions extends ControlLinkOptions {
  readonly withinMs: number;
  /** Cancels the wait. */
  readonly signal?: AbortSignal | undefined;
}

/** The first ring of a role, with its connection to the coordinator. */
export interface Gathering extends Start {
  readonly link: ControlLink;
}

/**
 * Connects, says Hello and waits until all roles have joined. Throws JOIN_TIMEOUT, and CANCELLED when the
 * coordinator refuses this role or ends the run.
 */
export async function joinRun(options: JoinOptions): Promise<Gathering> {
  const link = await ControlLink.open(options);
  try {
    const start = await unlessAborted(
      within(link.next(link.signal), options.withinMs, () => tooLate(nameOf(options.id), options)),
      options.signal,
    );
    return { ...start, link };
  } catch (error) {
    await link.close();
    throw error;
  }
}

/** Reports to the coordinator that a role failed before it joined. */
export async function reportFailure(
  { transport, coordinator, id, run }: Pick<ControlLinkOptions, 'transport' | 'coordinator' | 'id' | 'run'>,
  error: unknown,
): Promise<void> {
  const client = await transport.dial(coordinator, CONTROL_LIMITS);
  try {
    const report = encodeFromRole({ kind: 'failed', error: asBrineError(error), id, run });
    void handledLater(client.send([report])); // the answer has a deadline
    await answeredOrLate(client.receive());
  } finally {
    await client.close();
  }
}

/** The endpoint of the peer with a role and rank. Throws INTERNAL when there is none. */
export function endpointOf(peers: readonly Peer[], role: Role, rank: number): string {
  const peer = peers.find((one) => one.role === role && one.rank === rank);
  if (peer?.endpoint) return peer.endpoint;
  throw new BrineError('INTERNAL', `the coordinator sent no address of ${nameOf({ role, rank })}`, {
    hint: 'This is a bug in Brine. Report it with the log of the run.',
  });
}

/** The endpoints of all peers of a role, in rank order. */
export function endpointsOf(peers: readonly Peer[], role: Role): string[] {
  return peers
    .filter((one) => one.role === role)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ endpoint }) => endpoint);
}
