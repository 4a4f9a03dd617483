import { asBrineError, BrineError } from '../base/errors.ts';
import { deferred } from '../base/promises.ts';
import { ControlServer } from '../control/control-server.ts';
import type { RunResults } from '../control/coordinator-events.ts';
import type { RoleId, RunStatus } from '../control/messages.ts';
import type { CoordinatorOptions } from './coordinator-options.ts';
import { beginning, type Effect, type Exit, type LiveRun, type RunEvent } from './state-machine/live-run.ts';
import { CHECK_EVERY_MS } from './state-machine/own-pauses.ts';
import { statusOf } from './state-machine/status.ts';
import { nextDeadline, transition } from './state-machine/transition.ts';

/**
 * Tracks membership and drives a run from start to end. It waits for the Hello of every expected role, sends each
 * role the endpoints of the others, and collects progress. The run succeeds when all students are done. It fails
 * when a role fails, does not join in time, or exits too often. The coordinator starts and kills no process
 * itself: the caller reports exits with `lost` and provides `replace` and `kill`. When a student exits or reports
 * a broken ring, all students abandon the ring, report their train progress, and continue on the next ring.
 *
 * `transition` decides all of this. This class feeds it events and carries out its effects in order.
 */
export class Coordinator {
  readonly endpoint: string;
  readonly #finished = deferred<RunResults>();
  /** The results of all roles; rejects with the root cause when the run fails. */
  readonly finished = this.#finished.promise;
  readonly #options: CoordinatorOptions;
  readonly #server: ControlServer;
  readonly #decide: typeof transition;
  #run: LiveRun;
  /** What other processes learn, and the state file that must be on disk before they do. */
  #announcements: Effect[] = [];
  #announced: Promise<void> = Promise.resolve();
  #isAnnouncing = false;
  /** Events that carrying out an effect has caused. */
  readonly #events: RunEvent[] = [];
  #isHandling = false;
  #timer: NodeJS.Timeout | undefined;
  #deadline = Infinity;
  readonly #pauseCheck: NodeJS.Timeout;

  private constructor(options: CoordinatorOptions, server: ControlServer, decide: typeof transition) {
    this.#options = options;
    this.#server = server;
    this.#decide = decide;
    this.#run = stateAtStart(options);
    this.endpoint = server.endpoint;
    this.#pauseCheck = setInterval(() => this.#handle({ kind: 'time' }), CHECK_EVERY_MS).unref();
    server.onGone((peer) => this.#handle({ kind: 'gone', peer }));
    server.onFault((error) => this.#handle({ kind: 'fault', error }));
  }

  /** Open a coordinator and start listening. Throws ADDRESS_IN_USE. */
  static async open(options: CoordinatorOptions): Promise<Coordinator> {
    const coordinator = await Coordinator.bind(options);
    coordinator.listen();
    return coordinator;
  }

  /**
   * Bind the endpoint without reading messages before `listen`. A simulation may wrap the decisions to record
   * them. Throws ADDRESS_IN_USE.
   */
  static async bind(options: CoordinatorOptions, decide = transition): Promise<Coordinator> {
    return new Coordinator(options, await ControlServer.open(options.transport, options.endpoint), decide);
  }

  listen(): void {
    this.#handle({ kind: 'opened', endpoint: this.endpoint });
    void this.#listen();
  }

  /**
   * Report that a role's process has exited. Ignored if the role was done, reported its failure, or was
   * told to stop.
   */
  lost(id: RoleId, exit: Exit): void {
    this.#handle({ kind: 'lost', id, ...exit });
  }

  status(): RunStatus {
    return statusOf(this.#run);
  }

  /** End the run early with an error. */
  stop(error: BrineError): void {
    this.#handle({ kind: 'stop', error });
  }

  /** Stop listening. Roles that still run get no more messages. */
  async close(): Promise<void> {
    this.#handle({ kind: 'closed', error: closedEarly() });
    clearInterval(this.#pauseCheck);
    this.#announcements = [];
    await this.#server.close();
  }

  async #listen(): Promise<void> {
    try {
      for (;;) {
        this.#handle({ kind: 'message', ...(await this.#server.receive()) });
        await this.#announced; // a peer that does not read slows the reading, not the memory
      }
    } catch (error) {
      this.#handle({ kind: 'fault', error: asBrineError(error) });
    }
  }

  #handle(event: RunEvent): void {
    this.#events.push(event);
    if (this.#isHandling) return;
    this.#isHandling = true;
    try {
      for (let next = this.#events.shift(); next; next = this.#events.shift()) this.#step(next);
    } finally {
      this.#isHandling = false;
    }
  }

  #step(event: RunEvent): void {
    const { state, effects } = this.#decide(this.#run, event, performance.now());
    this.#run = state;
    for (const effect of effects) this.#carryOut(effect);
    if (!this.#isAnnouncing) this.#announced = this.#announce();
    this.#arm(nextDeadline(state));
  }

  /** Wake up at the next deadline, and not later than a role whose own deadline is the same. */
  #arm(deadline: number): void {
    if (deadline === this.#deadline) return;
    this.#deadline = deadline;
    clearTimeout(this.#timer);
    if (deadline === Infinity) return;
    const wait = Math.max(0, Math.round(deadline - performance.now()));
    this.#timer = setTimeout(() => {
      this.#deadline = Infinity;
      this.#handle({ kind: 'time' });
    }, wait);
  }

  #carryOut(effect: Effect): void {
    const { kill, replace } = this.#options;
    if (effect.kind === 'kill') kill?.(effect.id);
    else if (effect.kind === 'replace') replace?.(effect.id, effect.endpoint);
    else if (effect.kind === 'resolve') this.#finished.resolve(effect.results);
    else if (effect.kind === 'reject') this.#finished.reject(effect.error);
    else this.#announcements.push(effect);
  }

  /** When the state file cannot be written, failover would be impossible: the run ends. */
  async #announce(): Promise<void> {
    const { remember, observe } = this.#options;
    this.#isAnnouncing = true;
    try {
      for (let next = this.#announcements.shift(); next; next = this.#announcements.shift())
        if (next.kind === 'send') await this.#server.send(next.peer, next.message);
        else if (next.kind === 'observe') observe?.(next.event);
        else if (next.kind === 'remember' && remember) await remember(next.state);
      this.#isAnnouncing = false;
    } catch (error) {
      this.#announcements = [];
      this.#isAnnouncing = false;
      this.#handle({ kind: 'fault', error: asBrineError(error) });
    }
  }
}

function stateAtStart(options: CoordinatorOptions): LiveRun {
  const { replace, restarts = Infinity, joinWithinMs, returnWithinMs = joinWithinMs } = options;
  const { run, expected, leastStudents, predecessor, generation } = options;
  const { fallsBack = false, resume = false, mostBreaks = 0, nodeOf = () => 0 } = options;
  const waits = { joinWithinMs, returnWithinMs };
  const limits = { leastStudents, restarts: replace && restarts, mostBreaks };
  const settings = { run, expected, ...waits, ...limits, fallsBack, resume, nodeOf };
  return beginning(settings, { generation, predecessor, now: performance.now() });
}

function closedEarly(): BrineError {
  return new BrineError('CLOSED', 'the coordinator was closed before the end of the run', {
    hint: 'Start the run again.',
  });
}
