/** The processes and rings of a run, as its events report them. */
import type { CoordinatorEvent } from '../../src/control/coordinator-events.ts';
import type { RunEvent } from '../../src/launch/train.ts';

export type Ring = Extract<CoordinatorEvent, { kind: 'ringFormed' }>;

/** Observes a run, and signals its processes. */
export class RunProcesses {
  /** Rings that formed after the start. */
  readonly rings: Ring[] = [];
  /** Exits of processes: "NAME WHY". */
  readonly replaced: string[] = [];
  readonly dropped: string[] = [];
  /** Whether the students have begun to train. */
  started = false;
  /** Latest step that a student has reported. */
  step = 0;
  /** Time of the latest event. */
  lastEvent = performance.now();
  readonly #pids = new Map<string, number>();

  /** Names of the live processes, sorted. */
  get names(): string[] {
    return [...this.#pids.keys()].toSorted();
  }

  see(event: RunEvent): void {
    this.lastEvent = performance.now();
    if (event.kind === 'snapshot') this.step = Math.max(this.step, event.snapshot.students?.step ?? 0);
    if (event.kind !== 'event') return;
    const own = event.event;
    if (own.kind === 'joined') this.#pids.set(own.name, own.pid);
    if (own.kind === 'started') this.started = true;
    if (own.kind === 'ringFormed') this.rings.push(own);
    if (own.kind !== 'replaced' && own.kind !== 'dropped') return;
    this.#pids.delete(own.name);
    this[own.kind].push(`${own.name} ${own.why}`);
  }

  /** The process id of a live process. */
  pid(name: string): number | undefined {
    return this.#pids.get(name);
  }

  /** Sends a signal; false if the process has ended. */
  signal(name: string, signal: NodeJS.Signals): boolean {
    const pid = this.#pids.get(name);
    try {
      return pid !== undefined && process.kill(pid, signal);
    } catch {
      return false;
    }
  }
}

/** Milliseconds without any event after which a run counts as hanging. */
const HANG_MS = 90_000;

/** Performs a run. Resolves to undefined if it hangs, and then aborts the signal. */
export async function whileAlive<T>(
  processes: RunProcesses,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const abort = new AbortController();
  const watch = setInterval(() => {
    if (performance.now() - processes.lastEvent >= HANG_MS) abort.abort();
  }, 1000);
  try {
    return await work(abort.signal);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    return undefined;
  } finally {
    clearInterval(watch);
  }
}
