/**
 * A program for the tests of hosts: runs a long chain of products, transfers buffers, fails, and
 * dies.
 */
import { BrineError } from '../../src/base/errors.ts';
import type { Session } from '../../src/engine/engine.ts';
import type { Program } from '../../src/engine/host.ts';
import { openSession } from '../../src/engine/session.ts';
import type { TensorData } from '../../src/tensor/dtype.ts';
import { chainGraph } from './graphs.ts';

export interface ChainInit {
  size: number;
  steps: number;
}

export class ChainProgram implements Program {
  readonly #session: Session;
  readonly #size: number;

  constructor(session: Session, size: number) {
    this.#session = session;
    this.#size = size;
  }

  /** Receives x and returns y by transfer. */
  async run({ x }: { x: Float32Array<ArrayBuffer> }): Promise<{ y: Float32Array }> {
    const shape = [this.#size, this.#size];
    const w = new Float32Array(this.#size ** 2);
    const y: TensorData = { dtype: 'float32', shape, data: new Float32Array(this.#size ** 2) };
    await this.#session.run(
      { x: { dtype: 'float32', shape, data: x }, w: { dtype: 'float32', shape, data: w } },
      { y },
    );
    return { y: y.data as Float32Array };
  }

  /** Returns the same buffer. */
  async echo(buffers: Float32Array<ArrayBuffer>[]): Promise<Float32Array<ArrayBuffer>[]> {
    return buffers;
  }

  async fail(code: 'SHAPE_MISMATCH' | 'plain'): Promise<never> {
    if (code === 'plain') throw new TypeError('not a BrineError');
    throw new BrineError(code, 'the values 3 and 4 differ', { hint: 'Make them equal.' });
  }

  async die(message: string): Promise<never> {
    return new Promise<never>(() => {
      setImmediate(() => {
        throw new Error(message);
      });
    });
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

export async function create({ size, steps }: ChainInit): Promise<ChainProgram> {
  return new ChainProgram(
    await openSession(chainGraph(size, size, steps), { threads: 1, device: 'cpu' }),
    size,
  );
}
