import { asBrineError, type BrineError } from '../base/errors.ts';
import type { Received, Server, Transport } from '../transport/transport.ts';
import { misdialled } from '../wire/protocol.ts';
import { CONTROL_FRAME_BYTES, type FromRole, type ToRole } from './messages.ts';
import { decodeFromRole, encodeToRole } from './message-codec.ts';

/** What a role says, and whom an answer to it reaches. */
export interface Heard {
  readonly peer: string;
  readonly message: FromRole;
}

/** Where roles speak to the coordinator: hears what can be read and comes with the key of the role that says it, and answers the rest itself. */
export class ControlServer {
  readonly endpoint: string;
  readonly #server: Server;
  #fault: (error: BrineError) => void = () => undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.endpoint = server.endpoint;
  }

  /** Throws ADDRESS_IN_USE. */
  static async open(transport: Transport, endpoint: string): Promise<ControlServer> {
    const server = await transport.serve(endpoint, {
      maxFrameBytes: CONTROL_FRAME_BYTES,
      admit: ['cache', 'student', 'teacher', 'node', 'observer'],
    });
    return new ControlServer(server);
  }

  /** A peer's connection has ended, or its heartbeats have. */
  onGone(listener: (peer: string) => void): void {
    this.#server.onGone(listener);
  }

  /** Something could not be sent. */
  onFault(listener: (error: BrineError) => void): void {
    this.#fault = listener;
  }

  /** The next message. Throws CLOSED. */
  async receive(): Promise<Heard> {
    for (;;) {
      const received = await this.#server.receive();
      const answer = misdialled(received.frames[0], 'control');
      if (answer) {
        await this.#server.send(received.peer, [answer]).catch(() => undefined); // it has gone
        continue;
      }
      const message = readable(received);
      if (typeof message !== 'string') return { peer: received.peer, message };
      await this.refuse(received.peer, message);
    }
  }

  async send(peer: string, message: ToRole): Promise<void> {
    try {
      await this.#server.send(peer, [encodeToRole(message)]);
    } catch (error) {
      this.#fault(asBrineError(error));
    }
  }

  /** Sends one away who has no part in the run. */
  refuse(peer: string, reason: string): Promise<void> {
    return this.send(peer, { kind: 'stop', reason, finished: false });
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

/** The message, or why it is none. */
function readable({ role, frames }: Received): FromRole | string {
  let message;
  try {
    message = decodeFromRole(frames[0]);
  } catch (error) {
    return asBrineError(error).message;
  }
  const own = 'id' in message && message.kind !== 'lost' ? message.id.role : undefined;
  if (role === undefined || own === undefined || own === role) return message;
  return `a ${own} came with the key of ${role === 'observer' ? 'an' : 'a'} ${role}`;
}
