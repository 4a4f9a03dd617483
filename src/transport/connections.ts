/**
 * Whose connection has ended, as far as a bound socket can tell: libzmq says that one did, but not which. A peer has completed its
 * handshake; whoever has not is a stranger, and the end of a stranger must not look like the loss of a peer.
 *
 * An end is taken for a stranger's while there is one. What holds in any case: there are no more peers than open connections. So a
 * peer's end that was mistaken shows when the strangers have gone, at the latest when their time for the handshake is over.
 */
export class Connections {
  #open = 0;
  #peers = 0;
  /** Strangers whose handshake is under way. */
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

  /** A stranger has become a peer. Whether this shows that another peer has gone. */
  handshaken(): boolean {
    if (this.#waiting > 0) this.#waiting -= 1;
    this.#peers += 1;
    return this.#hasTooManyPeers();
  }

  /** A connection has ended: whose. It is unclear while a stranger's handshake is under way. */
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
