/**
 * Authorization of CURVE keys by ZAP (https://rfc.zeromq.org/spec/27). The ZAP domain of a socket is the list of roles
 * that it admits, so a request contains everything needed to decide.
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

interface ZapStatus {
  readonly status: '200' | '300' | '400' | '500';
  readonly text: string;
}

/**
 * The frames of the reply to a ZAP request. Never throws: a failure is a reply that denies access. The user id stays
 * empty, because libzmq would queue it on the socket as an item that counts as a readable message but is none.
 */
export async function zapAnswer(
  frames: readonly Uint8Array[],
  security: Pick<Security, 'admitted'>,
): Promise<string[]> {
  const request = Buffer.from(frames[1] ?? []).toString('latin1');
  const { status, text } = await authorize(frames, security).catch((): ZapStatus => ({
    status: '300',
    text: 'the admitted keys cannot be read now',
  }));
  return [VERSION, request, status, text, '', ''];
}

async function authorize(
  frames: readonly Uint8Array[],
  security: Pick<Security, 'admitted'>,
): Promise<ZapStatus> {
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
