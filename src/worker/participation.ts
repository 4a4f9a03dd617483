import { BrineError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Scope } from '../base/scope.ts';
import { joinRun, reportFailure, type Gathering } from '../control/control-client.ts';
import type { ControlLink, ControlLinkOptions } from '../control/control-link.ts';
import { nameOf, type Figures, type Saved } from '../control/messages.ts';
import { isCancelled } from '../student/training/stop.ts';
import { orphaned } from './orphan.ts';

/** How a process takes part in a run. */
export interface Participation {
  readonly self: Pick<ControlLinkOptions, 'transport' | 'coordinator' | 'id' | 'run' | 'process'>;
  /** Its resources are closed by the caller. */
  readonly scope: Scope;
  /** How long the other processes may take to join, and how long this one runs without a coordinator. */
  readonly joinWithinMs: number;
  readonly coordinatorTimeoutMs: number;
  /** Aborted to ask this process to end. */
  readonly signal: AbortSignal;
  /** Resolves when the launcher is gone. */
  readonly orphaned: Promise<void>;
  /** Exits this process at once, without a report. */
  readonly vanish: () => void;
  readonly log: Pick<Log, 'info' | 'error'>;
  /** Opens this process's servers. Resolves to their endpoints, as peers reach them. */
  open(): Promise<{
    readonly endpoint: string;
    readonly state?: string | undefined;
    readonly saved?: Saved | undefined;
  }>;
  /** Does the work. Ends when it is done or the signal is aborted. */
  run(gathering: Gathering & { readonly signal: AbortSignal }): Promise<Figures>;
}

/**
 * Joins the run, does the work and reports the results. Failures are reported to the coordinator and thrown. A
 * process that leaves on request has not failed. When the launcher dies, the process follows it or stays, as
 * `orphaned` decides.
 */
export async function participate(own: Participation): Promise<void> {
  const { self, scope, log, joinWithinMs, coordinatorTimeoutMs } = own;
  const deserted = new AbortController();
  let link: ControlLink | undefined;
  const decide = async () => {
    await own.orphaned;
    const fate = link ? await orphaned(link) : 'go'; // before it has joined, no other process depends on it
    if (fate === 'go') own.vanish();
    else if (fate === 'end') deserted.abort(askedToEnd(nameOf(self.id), 'its launcher is gone'));
  };
  void decide();
  const servers = await own.open().catch(async (error: unknown): Promise<never> => {
    log.error({ err: error }, 'failed');
    await reportFailure(self, error);
    throw error;
  });
  const joining = { withinMs: joinWithinMs, signal: own.signal, coordinatorTimeoutMs };
  const gathering = await joinRun({ ...self, ...servers, ...joining });
  link = scope.use(gathering.link);
  log.info({ peers: gathering.peers }, 'joined');
  const signal = AbortSignal.any([gathering.link.signal, own.signal, deserted.signal]);
  await reported({ link: gathering.link, log, asked: own.signal }, async () => {
    const results = await own.run({ ...gathering, signal });
    if (gathering.link.signal.aborted || deserted.signal.aborted) throw signal.reason;
    await gathering.link.done(results);
    log.info(results, own.signal.aborted ? 'left' : 'done');
  });
}

/** A signal that is aborted when the students are done. */
export function finishedSignal(link: ControlLink): AbortSignal {
  const finished = new AbortController();
  void link.finished.then(() => finished.abort());
  return finished.signal;
}

/** The connection; undefined if the signal was aborted before it was made, since then there is nothing to do. */
export async function unlessCancelled<T>(
  connecting: Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await connecting;
  } catch (error) {
    if (signal.aborted && isCancelled(error)) return undefined;
    throw error;
  }
}

/** Reports a failure to the coordinator, unless the coordinator ended the work. */
async function reported(
  { link, log, asked }: { link: ControlLink; log: Participation['log']; asked: AbortSignal },
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const leftOnRequest = asked.aborted && isCancelled(error);
    if (leftOnRequest) log.info({ err: error }, 'has left, as it was asked to');
    else log.error({ err: error }, 'failed');
    if (!link.signal.aborted) await link.failed(error);
    if (!leftOnRequest) throw link.signal.aborted ? link.signal.reason : error;
  }
}

/** Abort reason of the signal that asks a role to end. */
export function askedToEnd(name: string, why: string): BrineError {
  return new BrineError('CANCELLED', `${name} was asked to end: ${why}`, {
    hint: 'Resume the run with --resume.',
  });
}
