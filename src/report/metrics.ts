import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BrineError, messageOf } from '../base/errors.ts';

/**
 * The metrics of one role: metrics.jsonl, one JSON object a line, only ever appended to, a whole line at a time. A
 * line torn by a crash is left where it is and skipped by the reader; what follows it starts on a line of its own.
 * When a run is resumed the steps that are trained again are appended again: the last line of a step counts.
 */
export type MetricsLine = { readonly event: string; readonly step?: number } & Readonly<
  Record<string, number | string | boolean | null | undefined>
>;

export class MetricsLog {
  readonly #file: FileHandle;
  readonly #role: string;
  #tail: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(file: FileHandle, role: string) {
    this.#file = file;
    this.#role = role;
  }

  /** Creates missing folders. Throws FILE_UNWRITABLE. */
  static async open(path: string, role: string): Promise<MetricsLog> {
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, 'a+');
      const { size } = await file.stat();
      if (size > 0) {
        const last = Buffer.alloc(1);
        await file.read(last, 0, 1, size - 1);
        if (last[0] !== 0x0a) await file.appendFile('\n');
      }
      return new MetricsLog(file, role);
    } catch (cause) {
      throw new BrineError('FILE_UNWRITABLE', `cannot write the metrics ${path}: ${messageOf(cause)}`, {
        hint: 'Check free space and permissions of the run folder.',
        cause,
      });
    }
  }

  /** Appends one line, in call order; resolves when the operating system has it. */
  write(line: MetricsLine): Promise<void> {
    const text = `${JSON.stringify({ time: new Date().toISOString(), role: this.#role, ...line })}\n`;
    this.#tail = this.#tail.then(() => this.#file.appendFile(text));
    return this.#tail;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#tail;
    } finally {
      await this.#file.close();
    }
  }
}

/**
 * The lines of a metrics file, oldest first, without torn ones; of lines of one event that repeat a step, the last.
 * Throws FILE_MISSING.
 */
export async function readMetrics(path: string): Promise<MetricsLine[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new BrineError('FILE_MISSING', `there are no metrics at ${path}`, {
      hint: 'Name the folder of a run that has started.',
      cause,
    });
  }
  const lines = new Map<string, MetricsLine>();
  let index = 0;
  for (const raw of text.split('\n')) {
    const line = lineOf(raw);
    if (!line) continue;
    const key = line.step === undefined ? `${index++}` : `${line.event} ${line.step}`;
    lines.delete(key);
    lines.set(key, line);
  }
  return [...lines.values()];
}

function lineOf(text: string): MetricsLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('event' in value)) return undefined;
    return value as MetricsLine;
  } catch {
    return undefined; // empty, or torn by a crash
  }
}
