/**
 * CURVE keys: X25519 keys (RFC 7748) as Z85 text. Uses Node's crypto, so that keys can be created and checked without
 * loading ZeroMQ.
 */
import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { decodeZ85, encodeZ85 } from './z85.ts';

/** A key pair as Z85 text, 40 characters each. */
export interface KeyPair {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** Bytes of a key. */
const KEY_BYTES = 32;
/** DER prefixes of the 32 bytes of a key: RFC 8410. */
const SECRET_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b656e032100', 'hex');

export function newKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(SECRET_HEAD.length);
  return { publicKey: textOf(publicKey), secretKey: encodeZ85(secret) };
}

/** Whether the text is a well-formed key. */
export function isKey(text: string): boolean {
  return decodeZ85(text)?.length === KEY_BYTES;
}

/** Whether the text is a usable public key. Low-order keys are not, because their shared secret is public. */
export function isPublicKey(text: string): boolean {
  if (!isKey(text)) return false;
  try {
    return sharedSecret({ secretKey: encodeZ85(new Uint8Array(KEY_BYTES).fill(64)) }, text).length > 0;
  } catch {
    return false;
  }
}

/** Derives the public key of a secret key. */
export function publicKeyOf(secretKey: string): string {
  return textOf(createPublicKey(secretObject(secretKey)));
}

/** The 32-byte X25519 shared secret of two key pairs: RFC 7748. Throws for a low-order public key. */
export function sharedSecret({ secretKey }: Pick<KeyPair, 'secretKey'>, publicKey: string): Uint8Array {
  const key = Buffer.concat([PUBLIC_HEAD, decodeZ85(publicKey)!]);
  return diffieHellman({
    privateKey: secretObject(secretKey),
    publicKey: createPublicKey({ key, format: 'der', type: 'spki' }),
  });
}

function secretObject(secretKey: string): KeyObject {
  const key = Buffer.concat([SECRET_HEAD, decodeZ85(secretKey)!]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

function textOf(publicKey: KeyObject): string {
  return encodeZ85(publicKey.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_HEAD.length));
}
