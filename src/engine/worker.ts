/**
 * Entry point of an engine thread. The thread has one program, which its first task creates. Errors
 * of the program are returned as data, because an Error loses its code and hint between threads.
 */
import { Piscina } from 'piscina';
import { BrineError, messageOf } from '../base/errors.ts';
import type { Program, ProgramModule } from './engine.ts';

export type WorkerTask =
  | { readonly kind: 'create'; readonly moduleUrl: string; readonly init: unknown }
  | { readonly kind: 'call'; readonly method: string; readonly argument: unknown }
  | { readonly kind: 'close' };

export type WorkerReply =
  | { readonly value: unknown }
  | { readonly error: { code: string; message: string; hint: string; stack?: string } };

/** Makes the handler of a thread without a program. */
function threadHandler(): (task: WorkerTask) => Promise<unknown> {
  let program: Program | undefined;

  async function perform(task: WorkerTask): Promise<unknown> {
    if (task.kind === 'create') {
      const module = (await import(task.moduleUrl)) as ProgramModule<Program, unknown>;
      program = await module.create(task.init);
      return undefined;
    }
    if (!program) {
      throw new BrineError('ENGINE_FAILED', 'the engine thread has no program (it was restarted)', {
        hint: 'Start again from the last checkpoint.',
      });
    }
    if (task.kind === 'close') return program.close();
    const method = (program as unknown as Record<string, (argument: unknown) => Promise<unknown>>)[
      task.method
    ];
    return method?.call(program, task.argument);
  }

  return async (task) => {
    try {
      const value = await perform(task);
      const transferred: unknown = new TransferredReply({ value }, buffersOf(value));
      return Piscina.move(transferred as Parameters<typeof Piscina.move>[0]);
    } catch (error) {
      return { error: describe(error) } satisfies WorkerReply;
    }
  };
}

function describe(error: unknown): { code: string; message: string; hint: string; stack?: string } {
  const stack = error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
  // Not instanceof: a program from outside Brine's bundle has a class of its own.
  if (error instanceof Error && error.name === 'BrineError' && 'code' in error && 'hint' in error) {
    return { code: String(error.code), message: error.message, hint: String(error.hint), ...stack };
  }
  return {
    code: 'ENGINE_FAILED',
    message: `a program failed in the engine thread: ${messageOf(error)}`,
    hint: 'This is a bug in Brine. Report it with the command you ran.',
    ...stack,
  };
}

/**
 * A reply whose buffers are transferred. The two symbols are the protocol of piscina, after
 * `Piscina.move` has marked the object.
 */
class TransferredReply {
  readonly #reply: WorkerReply;
  readonly #buffers: readonly ArrayBuffer[];

  constructor(reply: WorkerReply, buffers: readonly ArrayBuffer[]) {
    this.#reply = reply;
    this.#buffers = buffers;
  }

  get [Piscina.transferableSymbol](): readonly ArrayBuffer[] {
    return this.#buffers;
  }

  get [Piscina.valueSymbol](): WorkerReply {
    return this.#reply;
  }
}

/** All ArrayBuffers in a value of plain objects, arrays, maps and views, each once. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (value instanceof ArrayBuffer) found.add(value);
  else if (ArrayBuffer.isView(value)) {
    // A small Node Buffer is a slice of a pool that other code uses, so it is copied.
    const pooled = Buffer.isBuffer(value) && value.byteLength < value.buffer.byteLength;
    if (value.buffer instanceof ArrayBuffer && !pooled) found.add(value.buffer);
  } else if (value instanceof Map) for (const item of value.values()) buffersOf(item, found);
  else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) buffersOf(item, found);
  }
  return [...found];
}

/** The handler of every task of the pool. */
export const handle = threadHandler();
