/** Detects peers that connect to the wrong server, and tells them which service answers (proto/protocol.proto). */
import { brine } from './generated/protocol.js';

const { Envelope } = brine.protocol;

/** labels: a label cache and its peers; control: a coordinator and the roles of its run; state: ranks among themselves. */
export type Protocol = 'labels' | 'control' | 'state';

/** Human-readable name of the server of each protocol. */
export const SERVERS: Record<Protocol, string> = {
  labels: 'a Brine label cache',
  control: 'a Brine coordinator',
  state: 'a student rank of a Brine run',
};

/** Largest inspected message in bytes. */
const MAX_BYTES = 128 * 1024;
/** Longest accepted name in characters. */
const MAX_NAME = 100;

/** Marks a first message with its protocol. Concatenating two protobuf messages merges their fields. */
export function firstOf(protocol: Protocol, message: Uint8Array): Uint8Array {
  return Buffer.concat([message, Envelope.encode({ speaks: protocol }).finish()]);
}

/** The answer to a first message of another protocol; undefined for this protocol, and for an unmarked message. */
export function misdialled(frame: Uint8Array | undefined, own: Protocol): Uint8Array | undefined {
  const speaks = envelopeOf(frame)?.speaks;
  return speaks && speaks !== own ? Envelope.encode({ serves: SERVERS[own] }).finish() : undefined;
}

/** The server name in an answer to a misdirected message; undefined for any other answer. */
export function servesOf(frame: Uint8Array | undefined): string | undefined {
  const serves = envelopeOf(frame)?.serves;
  return serves ? serves.slice(0, MAX_NAME) : undefined;
}

function envelopeOf(frame: Uint8Array | undefined) {
  if (frame === undefined || frame.length > MAX_BYTES) return undefined;
  try {
    return Envelope.decode(frame);
  } catch {
    return undefined;
  }
}
