/**
 * A host calls the methods of a program, one after another: in this thread (`hostInline`), or in an
 * engine thread (`hostThread`), so that the main thread serves sockets, timers and signals while a
 * graph runs.
 *
 * Buffers are transferred: those of the argument by the transfer list, those of a result always. So
 * a program must not keep a buffer that it returned, and a caller must not use one that it
 * transferred. A BrineError of the program keeps its code and hint.
 */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { whileBusy } from '../base/process/busy-threads.ts';
import { within } from '../base/deadline.ts';
import { entryPoint } from '../base/entry-points.ts';
import { BrineError, messageOf, type ErrorCode } from '../base/errors.ts';
import { orUndefined } from '../base/promises.ts';
import type { Program } from './engine.ts';
import type { WorkerReply, WorkerTask } from './worker.ts';

export type { Program } from './engine.ts';

type Call<P, M extends keyof P> = P[M] extends (argument: infer A) => Promise<infer R>
  ? { argument: unknown extends A ? undefined : A; result: R }
  : never;

/** Method names of a program, except close. */
export type MethodOf<P> = Exclude<
  { [M in keyof P]: P[M] extends (argument: never) => Promise<unknown> ? M : never }[keyof P],
  'close'
> &
  string;

export interface ProgramHost<P extends Program> {
  /**
   * Calls run one at a time, in call order. `transfer` lists buffers of the argument to transfer.
   */
  call<M extends MethodOf<P>>(
    method: M,
    argument: Call<P, M>['argument'],
    transfer?: readonly ArrayBuffer[],
  ): Promise<Call<P, M>['result']>;
  /** Waits for pending calls, closes the program and ends the thread. */
  close(): Promise<void>;
}

const CLOSE_DEADLINE_MS = 60_000;

/** Hosts a program in this thread. Nothing is transferred or copied. */
export function hostInline<P extends Program>(program: P): ProgramHost<P> {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  return {
    call(method, argument) {
      if (closed) return Promise.reject(closedError());
      const run = program[method] as (argument: unknown) => Promise<Call<P, typeof method>['result']>;
      const result = last.then(() => run.call(program, argument));
      last = orUndefined(result);
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
 * Starts an engine thread, imports `moduleUrl` there (from `entryPoint`) and creates the program with `init`, which is structured-cloneable. Throws the
 * errors of `create`, or ENGINE_FAILED.
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
      filename: fileURLToPath(entryPoint('engine-thread')),
      name: 'handle',
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Infinity,
      atomics: 'disabled', // the event loop of the thread runs between calls
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

  /** The caller states the type of the result, which is not checked. */
  async send<R = unknown>(task: WorkerTask, transfer: readonly ArrayBuffer[] = []): Promise<R> {
    if (this.#fault) throw this.#fault;
    let reply: WorkerReply;
    try {
      reply = await whileBusy(this.#pool.run(task, { transferList: [...transfer] }));
    } catch (error) {
      // Errors of programs arrive as replies. An error of the pool means that its thread died.
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
          CLOSE_DEADLINE_MS,
          () =>
            new BrineError(
              'DEADLINE',
              `the engine thread did not close within ${CLOSE_DEADLINE_MS / 1000} s`,
              {
                hint: 'A graph may still be running; use a smaller model or more micro-batches.',
              },
            ),
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
