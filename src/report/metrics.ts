import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BrineError } from '../base/errors.ts';
import { AppendFile } from './append-file.ts';

/**
 * A line of metrics.jsonl, the metrics of one role: one JSON object a line, appended a whole line
 * at a time. A line torn by a crash stays, the reader skips it, and the next line starts on a new
 * line. An event `begin` names the step that a process continues from; later steps of an earlier
 * process do not count.
 */
export type MetricsLine = { readonly event: string; readonly step?: number } & Readonly<
  Record<string, number | string | boolean | null | undefined>
>;

export class MetricsLog {
  readonly #file: AppendFile;
  readonly #role: string;

  private constructor(file: AppendFile, role: string) {
    this.#file = file;
    this.#role = role;
  }

  /** Opens a metrics file and creates missing folders. Throws FILE_UNWRITABLE. */
  static async open(path: string, role: string): Promise<MetricsLog> {
    const file = await AppendFile.open(path);
    const last = await file.lastByte();
    if (last !== undefined && last !== NEWLINE) await file.append('\n');
    return new MetricsLog(file, role);
  }

  /** Why the newest line could not be written. Later lines are still attempted. */
  get fault(): BrineError | undefined {
    return this.#file.fault;
  }

  /**
   * Appends one line, in call order. Resolves when the operating system has it, or when `fault` is
   * set.
   */
  write(line: MetricsLine): Promise<void> {
    return this.#file.append(
      `${JSON.stringify({ time: new Date().toISOString(), role: this.#role, ...line })}\n`,
    );
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Paths of the metrics of all student ranks in a folder, by rank. None for a folder that does not exist. */
export async function studentMetrics(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /^student-\d+\.jsonl$/.test(name))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(folder, name));
}

const NEWLINE = 0x0a;

/**
 * Reads the lines of a metrics file, oldest first. Omits torn lines and steps that a later process
 * repeats; of several lines of one event and step, keeps the last. Throws FILE_MISSING.
 */
export async function readMetrics(path: string): Promise<MetricsLine[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new BrineError('FILE_MISSING', `there are no metrics at ${path}`, {
      hint: 'Give the folder of a run that has started.',
      cause,
    });
  }
  const lines = new Map<string, MetricsLine>();
  let index = 0;
  for (const raw of text.split('\n')) {
    const line = lineOf(raw);
    if (!line) continue;
    if (line.event === BEGIN) dropAfter(lines, line.step ?? 0);
    const key = line.step === undefined ? `${index++}` : `${line.event} ${line.step}`;
    lines.delete(key);
    lines.set(key, line);
  }
  return [...lines.values()];
}

/** The event that names the step a process continues from. */
export const BEGIN = 'begin';

function dropAfter(lines: Map<string, MetricsLine>, from: number): void {
  for (const [key, { step }] of lines) if (step !== undefined && step > from) lines.delete(key);
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
