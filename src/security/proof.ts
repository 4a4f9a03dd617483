/**
 * How a server knows the role of each message's sender. CURVE decides who gets in, but a ROUTER does not say by which key a peer
 * came. So every message to a server begins with a proof of its sender's key: an HMAC of both public keys under the secret that the
 * two share by Diffie-Hellman. Nobody else can make it, and it only travels inside the encrypted connection to that server.
 */
import { createHmac } from 'node:crypto';
import { sharedSecret } from './keys.ts';
import type { KeyRole } from './roles.ts';
import type { Security } from './security.ts';

/** How long the list of admitted keys is used before it is read again, in milliseconds. */
const READ_EVERY_MS = 1000;

/** The 32 bytes by which a process shows the server of that public key who it is. */
export function proofTo(server: string, { own }: Pick<Security, 'own'>): Uint8Array {
  return proofOf(own.publicKey, server, sharedSecret(own, server));
}

/** The proofs that a server accepts: those of the admitted keys of some roles. */
export class AcceptedProofs {
  readonly #security: Security;
  readonly #roles: readonly KeyRole[];
  /** By public key, in base64: made once for each key. */
  readonly #texts = new Map<string, string>();
  #accepted: ReadonlyMap<string, KeyRole> = new Map();
  #readAt = -Infinity;

  constructor(security: Security, roles: readonly KeyRole[]) {
    this.#security = security;
    this.#roles = roles;
  }

  /** Whose proof it is; undefined for one of nobody who is admitted. */
  async roleOf(proof: Uint8Array | undefined): Promise<KeyRole | undefined> {
    if (performance.now() - this.#readAt > READ_EVERY_MS) await this.#read();
    return proof && this.#accepted.get(Buffer.from(proof).toString('base64'));
  }

  /** When the list cannot be read, whoever is in stays in; the socket lets nobody new in meanwhile. */
  async #read(): Promise<void> {
    this.#readAt = performance.now();
    const admitted = await this.#security.admitted().catch(() => undefined);
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
