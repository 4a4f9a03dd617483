/**
 * CURVE keys: X25519 keys of RFC 7748 as Z85 text, made by Node's own crypto, so that keys can be made and checked where no
 * socket is.
 */
import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { decodeZ85, encodeZ85 } from './z85.ts';

/** 40 characters each. */
export interface KeyPair {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** Bytes of a key. */
const KEY_BYTES = 32;
/** What stands before the 32 bytes of a key in DER: RFC 8410. */
const SECRET_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b656e032100', 'hex');

export function newKeyPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(SECRET_HEAD.length);
  return { publicKey: textOf(publicKey), secretKey: encodeZ85(secret) };
}

/** Whether the text can be a key at all. */
export function isKey(text: string): boolean {
  return decodeZ85(text)?.length === KEY_BYTES;
}

/** Whether secrets can be shared with the holder of the key: not with one of low order, which gives everybody the same. */
export function isPublicKey(text: string): boolean {
  if (!isKey(text)) return false;
  try {
    return sharedSecret({ secretKey: encodeZ85(new Uint8Array(KEY_BYTES).fill(64)) }, text).length > 0;
  } catch {
    return false;
  }
}

/** The public key that belongs to a secret one. */
export function publicKeyOf(secretKey: string): string {
  return textOf(createPublicKey(secretObject(secretKey)));
}

/** The 32 bytes that only the holders of either secret key can compute: RFC 7748. Throws for a public key of low order. */
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
