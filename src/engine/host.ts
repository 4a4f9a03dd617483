/**
 * A host calls the methods of a program, one after another: in this thread (`hostInline`) or in an engine thread of
 * its own (`hostThread`), so that sockets, timers and signals of the main thread are served while a graph runs.
 *
 * Buffers move: the argument's by the transfer list, a result's all by themselves. So a program must not keep a
 * buffer that it returned, and a caller must not use one that it transferred. A BrineError of the program arrives as
 * one, with code and hint.
 */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { whileBusy } from '../base/process/busy-threads.ts';
import { within } from '../base/deadline.ts';
import { BrineError, messageOf, type ErrorCode } from '../base/errors.ts';
import type { Program } from './engine.ts';
import type { WorkerReply, WorkerTask } from './worker.ts';

export type { Program } from './engine.ts';

type Call<P, M extends keyof P> = P[M] extends (argument: infer A) => Promise<infer R>
  ? { argument: unknown extends A ? undefined : A; result: R }
  : never;

/** The names of a program's methods, but close. */
export type MethodOf<P> = Exclude<
  { [M in keyof P]: P[M] extends (argument: never) => Promise<unknown> ? M : never }[keyof P],
  'close'
> &
  string;

export interface ProgramHost<P extends Program> {
  /** Calls queue: one runs at a time, in call order. `transfer` names buffers of the argument that move. */
  call<M extends MethodOf<P>>(
    method: M,
    argument: Call<P, M>['argument'],
    transfer?: readonly ArrayBuffer[],
  ): Promise<Call<P, M>['result']>;
  /** Waits for the running calls, closes the program, ends the thread. */
  close(): Promise<void>;
}

const CLOSE_DEADLINE = 60_000; // milliseconds

/** Hosts a program in this thread; nothing is moved or copied. */
export function hostInline<P extends Program>(program: P): ProgramHost<P> {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  return {
    call(method, argument) {
      if (closed) return Promise.reject(closedError());
      const run = program[method] as (argument: unknown) => Promise<Call<P, typeof method>['result']>;
      const result = last.then(() => run.call(program, argument));
      last = result.catch(() => undefined);
      return result;
    },
    async close() {
      if (closed) return;
      closed = true;
      await last;
      await program.close();
    },
  };
}

/**
 * Starts an engine thread, imports `moduleUrl` there (as `import.meta.resolve` or `new URL(…, import.meta.url)` gives
 * it) and creates the program with `init` (structured-cloneable). Throws what `create` throws, or ENGINE_FAILED.
 */
export async function hostThread<P extends Program>(
  moduleUrl: string | URL,
  init: unknown,
): Promise<ProgramHost<P>> {
  const host = new ThreadHost<P>();
  try {
    await host.send({ kind: 'create', moduleUrl: String(moduleUrl), init });
  } catch (error) {
    await host.end();
    throw error;
  }
  return host;
}

class ThreadHost<P extends Program> implements ProgramHost<P> {
  readonly #pool: Piscina<WorkerTask, WorkerReply>;
  #fault: BrineError | undefined;
  #closing: Promise<void> | undefined;

  constructor() {
    this.#pool = new Piscina<WorkerTask, WorkerReply>({
      filename: fileURLToPath(new URL('worker.js', import.meta.url)),
      name: 'handle',
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Infinity,
      atomics: 'disabled', // between calls the thread's own event loop lives
      recordTiming: false,
      stricterFIFO: true,
    });
    this.#pool.on('error', (error: unknown) => {
      this.#fault ??= engineDied(error);
    });
  }

  call<M extends MethodOf<P>>(
    method: M,
    argument: Call<P, M>['argument'],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Call<P, M>['result']> {
    if (this.#closing) return Promise.reject(closedError());
    return this.send<Call<P, M>['result']>({ kind: 'call', method, argument }, transfer);
  }

  /** The result is what the program's own types say: the caller names them. */
  async send<R = unknown>(task: WorkerTask, transfer: readonly ArrayBuffer[] = []): Promise<R> {
    if (this.#fault) throw this.#fault;
    let reply: WorkerReply;
    try {
      reply = await whileBusy(this.#pool.run(task, { transferList: [...transfer] }));
    } catch (error) {
      // Programs' errors come as replies: what the pool throws is the death of its thread.
      this.#fault ??= engineDied(error);
      throw this.#fault;
    }
    if ('value' in reply) return reply.value as R;
    const { code, message, hint, stack } = reply.error;
    const error = new BrineError(code as ErrorCode, message, { hint });
    if (stack !== undefined) error.stack = stack;
    throw error;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      if (!this.#fault) {
        await within(
          this.send({ kind: 'close' }),
          CLOSE_DEADLINE,
          () =>
            new BrineError('DEADLINE', `the engine thread did not close within ${CLOSE_DEADLINE / 1000} s`, {
              hint: 'A graph may still be running; use a smaller model or more micro-batches.',
            }),
        );
      }
    } finally {
      await this.end();
    }
  }

  async end(): Promise<void> {
    await this.#pool.destroy();
  }
}

function engineDied(error: unknown): BrineError {
  return new BrineError('ENGINE_FAILED', `the engine thread died: ${messageOf(error)}`, {
    hint: 'Start again from the last checkpoint. If it recurs, check free memory and report the message.',
    cause: error,
  });
}

function closedError(): BrineError {
  return new BrineError('CLOSED', 'the program host was closed', { hint: 'Do not call after close().' });
}
