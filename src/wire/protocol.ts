/** How a server tells a peer that has come to a wrong address what serves there (proto/protocol.proto). */
import { brine } from './generated/protocol.js';

const { Envelope } = brine.protocol;

/** labels: a label cache and its peers; control: a coordinator and the roles of its run; state: ranks among themselves. */
export type Protocol = 'labels' | 'control' | 'state';

/** What serves where a protocol is spoken, for people. */
export const SERVERS: Record<Protocol, string> = {
  labels: 'a Brine label cache',
  control: 'a Brine coordinator',
  state: 'a student rank of a Brine run',
};

/** Longest message that is looked at, in bytes. */
const LONGEST = 128 * 1024;
/** Longest name. */
const LONGEST_NAME = 100;

/** A first message, marked by its protocol: protobuf messages are merged by putting one after the other. */
export function firstOf(protocol: Protocol, message: Uint8Array): Uint8Array {
  return Buffer.concat([message, Envelope.encode({ speaks: protocol }).finish()]);
}

/** The answer to a first message of another protocol; undefined for one of this protocol, and for one that does not say. */
export function misdialled(frame: Uint8Array | undefined, own: Protocol): Uint8Array | undefined {
  const speaks = envelopeOf(frame)?.speaks;
  return speaks && speaks !== own ? Envelope.encode({ serves: SERVERS[own] }).finish() : undefined;
}

/** What serves at an address, when it has answered so; undefined for any other answer. */
export function servesOf(frame: Uint8Array | undefined): string | undefined {
  const serves = envelopeOf(frame)?.serves;
  return serves ? serves.slice(0, LONGEST_NAME) : undefined;
}

function envelopeOf(frame: Uint8Array | undefined) {
  if (frame === undefined || frame.length > LONGEST) return undefined;
  try {
    return Envelope.decode(frame);
  } catch {
    return undefined;
  }
}
