import type { ProcessName } from '../../base/process/process-identity.ts';
import { asBrineError, BrineError } from '../../base/errors.ts';
import { within } from '../../base/deadline.ts';
import { interruptionOf, unlessAborted } from '../../base/interruption.ts';
import { scoped } from '../../base/scope.ts';
import { bestEffort, deferred, handledLater } from '../../base/promises.ts';
import type { Transport } from '../../transport/transport.ts';
import { ControlLink } from '../../control/control-link.ts';
import { NO_FIGURES } from '../../control/figures.ts';
import type { Loss } from '../../control/messages.ts';
import { ProcessSupervisor, type Processes } from './process-supervisor.ts';
import type { RoleSpec } from './roles.ts';
import type { Environment } from './spawn.ts';

/**
 * Options of a node agent, which starts and restarts the roles of its machine on the coordinator's
 * orders.
 */
export interface NodeOptions {
  readonly transport: Transport;
  /** Address of the coordinator. */
  readonly coordinator: string;
  /** Identity of the recipe. */
  readonly run: string;
  /** Rank of this node, at least 1. */
  readonly rank: number;
  readonly specs: readonly RoleSpec[];
  readonly environment: Environment;
  readonly logOf: (name: string) => string;
  /** Default: the processes of the system, and the identity of this one. */
  readonly processes?: Processes | undefined;
  readonly process?: ProcessName | undefined;
  /** Timeout for the start of the run, in milliseconds. */
  readonly joinWithinMs: number;
  /** How long the agent survives without a coordinator, in milliseconds. */
  readonly coordinatorTimeoutMs: number;
  /** Aborting it ends the run, or with `mayLeave` only this machine's part of it. */
  readonly signal?: AbortSignal | undefined;
  /** The run is elastic: the other machines continue without this one. */
  readonly mayLeave?: boolean | undefined;
  readonly note: (text: string) => void;
  /** Called before the first role is started. The head has written its files by then. */
  readonly beforeRoles: () => Promise<void>;
}

/** How long the coordinator may take to acknowledge that this machine leaves. */
const LEAVE_ACKNOWLEDGED_WITHIN_MS = 5_000;

/**
 * Runs a node agent until the run has ended. Throws JOIN_TIMEOUT, and CANCELLED when the run, or
 * this machine's part of it, is cancelled. When the promise settles, every process of this machine
 * has exited.
 */
export function runNode(options: NodeOptions): Promise<void> {
  return scoped(async (scope) => {
    const { transport, coordinator, run, rank, specs, environment, logOf, joinWithinMs, note } = options;
    const { coordinatorTimeoutMs, processes, process } = options;
    const id = { role: 'node', rank } as const;
    const joining = { transport, coordinator, run, id, process, coordinatorTimeoutMs };
    const link = scope.use(await ControlLink.open(joining));
    const { signal: stopRequested = new AbortController().signal, mayLeave = false } = options;
    const ends = AbortSignal.any([link.signal, stopRequested]);
    const fails = mayLeave ? link.signal : ends;
    const lost = (loss: Omit<Loss, 'kind'>) => {
      note(`node      ${loss.id.role}-${loss.id.rank} ${loss.how}`);
      void handledLater(link.lost(loss)); // the link is closed, so the agent ends too
    };
    const supervisor = new ProcessSupervisor({ specs, environment, logOf, processes, lost });
    // When only this machine stops, SIGTERM makes its roles notify the others.
    scope.defer(() => supervisor.end({ patiently: !stopRequested.aborted || link.signal.aborted }));
    let ready: Promise<void> | undefined;
    const failed = deferred<never>();
    link.onOrder(({ id: role, what, endpoint }) => {
      if (what === 'kill') supervisor.kill(role);
      else
        (ready ??= options.beforeRoles())
          .then(() => supervisor.replace(role, endpoint))
          .catch((error: unknown) => failed.reject(asBrineError(error)));
    });
    fails.addEventListener('abort', () => failed.reject(reasonOf(fails, rank)), { once: true });
    const begun = within(link.next(link.signal), joinWithinMs, () => tooLate(options));
    await Promise.race([unlessAborted(begun, ends, whatOf(rank)), failed.promise]);
    note(`node      ${rank} has joined the run at ${coordinator}`);
    const left = mayLeave ? [bestEffort(unlessAborted(link.finished, stopRequested))] : [];
    await Promise.race([link.finished, failed.promise, ...left]);
    if (mayLeave && stopRequested.aborted) await leave(link, supervisor, options);
    await supervisor.end();
    await link.done(NO_FIGURES);
  });
}

/** Removes this machine from a run that continues without it. Throws CANCELLED. */
async function leave(
  link: ControlLink,
  supervisor: ProcessSupervisor,
  { rank, specs, coordinator }: NodeOptions,
): Promise<never> {
  await link.done(NO_FIGURES);
  const silent = new BrineError('DEADLINE', `the coordinator at ${coordinator} does not answer`, {
    hint: '',
  });
  await bestEffort(within(link.finished, LEAVE_ACKNOWLEDGED_WITHIN_MS, () => silent));
  const ended = supervisor.end();
  for (const { id } of specs) supervisor.kill(id);
  await ended;
  throw new BrineError('CANCELLED', `node ${rank} has left the run, which continues without it`, {
    hint: 'To rejoin the run, launch this machine again with the same flags.',
  });
}

/**
 * The error with which this machine's part of the run ends: from the coordinator or from the
 * caller.
 */
function reasonOf(signal: AbortSignal, rank: number): BrineError {
  return interruptionOf(signal, whatOf(rank).what);
}

const whatOf = (rank: number) => ({ what: `node ${rank} of the run` });

function tooLate({ coordinator, joinWithinMs, rank }: NodeOptions): BrineError {
  return new BrineError(
    'JOIN_TIMEOUT',
    `node ${rank} waited ${joinWithinMs / 1000} s at ${coordinator} for the run to start`,
    {
      hint: 'Check that node 0 was launched and is reachable at that address. Its terminal names the missing processes.',
    },
  );
}
