/**
 * Authentication of the role of a message's sender. CURVE admits connections, but a ROUTER socket does not reveal the
 * key of a peer. Every message to a server therefore begins with a proof of its sender's key: an HMAC of both public
 * keys under their Diffie-Hellman shared secret. Nobody else can compute it, and it is only sent inside the encrypted
 * connection to that server.
 */
import { createHmac } from 'node:crypto';
import { sharedSecret } from './keys.ts';
import type { KeyRole } from './roles.ts';
import type { Security } from './security.ts';
import { orUndefined } from '../base/promises.ts';

/** How long a list of admitted keys is cached. */
const CACHE_MS = 1000;

/** The 32-byte proof of this process's key for the server with public key `server`. */
export function proofTo(server: string, { own }: Pick<Security, 'own'>): Uint8Array {
  return proofOf(own.publicKey, server, sharedSecret(own, server));
}

/** The proofs that a server accepts: those of the admitted keys of given roles. */
export class AcceptedProofs {
  readonly #security: Security;
  readonly #roles: readonly KeyRole[];
  /** Base64 proof by public key, computed once for each key. */
  readonly #texts = new Map<string, string>();
  #accepted: ReadonlyMap<string, KeyRole> = new Map();
  #readAt = -Infinity;

  constructor(security: Security, roles: readonly KeyRole[]) {
    this.#security = security;
    this.#roles = roles;
  }

  /** The role of the key that a proof belongs to; undefined if it is not an admitted key. */
  async roleOf(proof: Uint8Array | undefined): Promise<KeyRole | undefined> {
    if (performance.now() - this.#readAt > CACHE_MS) await this.#read();
    return proof && this.#accepted.get(Buffer.from(proof).toString('base64'));
  }

  /** Keeps the previous list if the keys cannot be read; the socket admits no new peers meanwhile. */
  async #read(): Promise<void> {
    this.#readAt = performance.now();
    const admitted = await orUndefined(this.#security.admitted());
    if (!admitted) return;
    const entries = Array.from(admitted).filter(([, role]) => this.#roles.includes(role));
    this.#accepted = new Map(entries.map(([key, role]) => [this.#textOf(key), role]));
  }

  #textOf(publicKey: string): string {
    let text = this.#texts.get(publicKey);
    if (text === undefined) {
      const { own } = this.#security;
      const proof = proofOf(publicKey, own.publicKey, sharedSecret(own, publicKey));
      this.#texts.set(publicKey, (text = Buffer.from(proof).toString('base64')));
    }
    return text;
  }
}

function proofOf(client: string, server: string, shared: Uint8Array): Uint8Array {
  return createHmac('sha256', shared).update(`brine role 1 ${client} to ${server}`).digest();
}
