/**
 * Attributes ended connections of a bound socket to peers or strangers. libzmq reports that a
 * connection ended, but not which one. A peer has completed its handshake; a stranger has not, and
 * losing a stranger must not look like losing a peer.
 *
 * While there are strangers, an end is attributed to one of them. If that is wrong, there are later
 * more peers than open connections, which reveals the lost peer: at the latest when the handshakes
 * of the strangers time out.
 */
export class Connections {
  #open = 0;
  #peers = 0;
  /** Strangers whose handshake is in progress. */
  #waiting = 0;
  /** Strangers whose handshake has failed. */
  #failed = 0;

  accepted(): void {
    this.#open += 1;
    this.#waiting += 1;
  }

  failed(): void {
    if (this.#waiting > 0) this.#waiting -= 1;
    this.#failed += 1;
  }

  /** Counts a completed handshake. Returns whether it reveals that another peer was lost. */
  handshaken(): boolean {
    if (this.#waiting > 0) this.#waiting -= 1;
    this.#peers += 1;
    return this.#hasTooManyPeers();
  }

  /** Attributes an ended connection: unclear while a stranger's handshake is in progress. */
  ended(): 'peer' | 'unclear' | 'stranger' {
    if (this.#open > 0) this.#open -= 1;
    const whose = this.#attributed();
    return this.#hasTooManyPeers() ? 'peer' : whose;
  }

  #attributed(): 'peer' | 'unclear' | 'stranger' {
    if (this.#failed > 0) {
      this.#failed -= 1;
      return 'stranger';
    }
    if (this.#waiting > 0) {
      this.#waiting -= 1;
      return 'unclear';
    }
    if (this.#peers === 0) return 'stranger';
    this.#peers -= 1;
    return 'peer';
  }

  #hasTooManyPeers(): boolean {
    if (this.#peers <= this.#open) return false;
    this.#peers = this.#open;
    return true;
  }
}
