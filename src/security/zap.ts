/**
 * The verdict on a peer that has shown a CURVE key: ZAP of https://rfc.zeromq.org/spec/27. The domain of a socket is the list of
 * roles that it admits, so that a request says all that is asked.
 */
import { encodeZ85 } from './z85.ts';
import { isKeyRole, type KeyRole } from './roles.ts';
import type { Security } from './security.ts';

const VERSION = '1.0';
const SEPARATOR = ',';
/** Bytes of a CURVE public key. */
const KEY_BYTES = 32;

export function domainOf(roles: readonly KeyRole[]): string {
  return roles.join(SEPARATOR);
}

interface RootCause {
  readonly status: '200' | '300' | '400' | '500';
  readonly text: string;
}

/**
 * The frames of the answer to a request. Never throws: what goes wrong is an answer too, and admits nobody. No user is named: libzmq
 * hands a user's name to the socket as an item of its own, which counts as a message that can be read and then is none.
 */
export async function zapAnswer(
  frames: readonly Uint8Array[],
  security: Pick<Security, 'admitted'>,
): Promise<string[]> {
  const request = Buffer.from(frames[1] ?? []).toString('latin1');
  const { status, text } = await verdictOn(frames, security).catch((): RootCause => ({
    status: '300',
    text: 'the admitted keys cannot be read now',
  }));
  return [VERSION, request, status, text, '', ''];
}

async function verdictOn(
  frames: readonly Uint8Array[],
  security: Pick<Security, 'admitted'>,
): Promise<RootCause> {
  const [version, , domain, , , mechanism] = frames.map((frame) => Buffer.from(frame).toString('latin1'));
  if (frames.length < 6 || version !== VERSION) return { status: '500', text: 'malformed request' };
  if (mechanism !== 'CURVE') return { status: '400', text: 'only CURVE is admitted' };
  const key = frames[6];
  if (frames.length !== 7 || key?.byteLength !== KEY_BYTES) return { status: '400', text: 'no CURVE key' };
  const roles = (domain ?? '').split(SEPARATOR).filter(isKeyRole);
  const role = (await security.admitted()).get(encodeZ85(key));
  if (role === undefined) return { status: '400', text: 'the key is not admitted' };
  if (!roles.includes(role)) return { status: '400', text: `a ${role} is not admitted here` };
  return { status: '200', text: 'OK' };
}
