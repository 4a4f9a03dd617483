import { asBrineError, BrineError } from '../../base/errors.ts';
import { within } from '../../base/deadline.ts';
import { interruptionOf, unlessAborted } from '../../base/interruption.ts';
import { scoped } from '../../base/scope.ts';
import type { Transport } from '../../transport/transport.ts';
import { openLink, type ControlLink } from '../../control/control-client.ts';
import type { Loss } from '../../control/messages.ts';
import { ProcessSupervisor } from './process-supervisor.ts';
import type { RoleSpec } from './roles.ts';
import type { Environment } from './spawn.ts';

/** What a further machine of a run does: it starts those of its roles that the coordinator asks for, at first and again. */
export interface NodeOptions {
  readonly transport: Transport;
  /** Where the first machine's coordinator serves. */
  readonly coordinator: string;
  /** Identity of the recipe. */
  readonly run: string;
  /** Among the machines, from 1. */
  readonly rank: number;
  readonly specs: readonly RoleSpec[];
  readonly environment: Environment;
  readonly logOf: (name: string) => string;
  /** How long the run may take to begin, in milliseconds. */
  readonly joinWithinMs: number;
  /** How long it goes on without a head, in milliseconds. */
  readonly coordinatorTimeoutMs: number;
  /** Aborting it ends the run; or this machine's part of it alone, where `mayLeave` says that others go on. */
  readonly signal?: AbortSignal | undefined;
  readonly mayLeave?: boolean | undefined;
  readonly note: (text: string) => void;
  /** Called before the first of its roles is started: the head is there and has written what it writes. */
  readonly beforeRoles: () => Promise<void>;
}

/** How long the coordinator may take to hear that this machine leaves. */
const HEARD_WITHIN_MS = 5_000;
const NOTHING = { numbers: {}, words: {} };

/**
 * Until the run has ended. Throws JOIN_TIMEOUT, and CANCELLED when the run, or this machine's part in it, ends before its end. No process
 * is left then.
 */
export function runNode(options: NodeOptions): Promise<void> {
  return scoped(async (scope) => {
    const { transport, coordinator, run, rank, specs, environment, logOf, joinWithinMs, note } = options;
    const { coordinatorTimeoutMs } = options;
    const id = { role: 'node', rank } as const;
    const link = scope.use(await openLink({ transport, coordinator, run, id, coordinatorTimeoutMs }));
    const { signal: asked = new AbortController().signal, mayLeave = false } = options;
    const ends = AbortSignal.any([link.signal, asked]);
    const fails = mayLeave ? link.signal : ends;
    const lost = (loss: Omit<Loss, 'kind'>) => {
      note(`node      ${loss.id.role}-${loss.id.rank} ${loss.how}`);
      link.lost(loss).catch(() => undefined); // the link has ended, and so does all of this
    };
    const supervisor = new ProcessSupervisor({ specs, environment, logOf, lost });
    // Where this machine alone is asked to end, its roles tell the others.
    scope.defer(() => supervisor.end({ patiently: !asked.aborted || link.signal.aborted }));
    let ready: Promise<void> | undefined;
    const failed = new Promise<never>((_, reject) => {
      link.onOrder(({ id: whose, what, endpoint }) => {
        if (what === 'kill') supervisor.kill(whose);
        else
          (ready ??= options.beforeRoles())
            .then(() => supervisor.take(whose, endpoint))
            .catch((error: unknown) => reject(asBrineError(error)));
      });
      fails.addEventListener('abort', () => reject(reasonOf(fails, rank)), { once: true });
    });
    failed.catch(() => undefined); // whoever awaits it hears of it
    const begun = within(link.next(link.signal), joinWithinMs, () => tooLate(options));
    await Promise.race([unlessAborted(begun, ends, whatOf(rank)), failed]);
    note(`node      ${rank} has joined the run at ${coordinator}`);
    await Promise.race([link.finished, failed, ...(mayLeave ? [aborted(asked)] : [])]);
    if (mayLeave && asked.aborted) await leave(link, supervisor, options);
    await supervisor.end();
    await link.done(NOTHING);
  });
}

/** Takes this machine's processes out of a run that goes on without them. Throws CANCELLED. */
async function leave(
  link: ControlLink,
  supervisor: ProcessSupervisor,
  { rank, specs, coordinator }: NodeOptions,
): Promise<never> {
  await link.done(NOTHING);
  const silent = new BrineError('DEADLINE', `the coordinator at ${coordinator} does not answer`, {
    hint: '',
  });
  await within(link.finished, HEARD_WITHIN_MS, () => silent).catch(() => undefined); // it will miss them
  const ended = supervisor.end();
  for (const { id } of specs) supervisor.kill(id);
  await ended;
  throw new BrineError('CANCELLED', `node ${rank} has left the run, which goes on without it`, {
    hint: 'To take part again, launch it again with the same flags.',
  });
}

/** Why this machine's part of the run ends: the coordinator's words, or the caller's wish. */
function reasonOf(signal: AbortSignal, rank: number): BrineError {
  return interruptionOf(signal, whatOf(rank).what);
}

const whatOf = (rank: number) => ({ what: `node ${rank} of the run` });

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function tooLate({ coordinator, joinWithinMs, rank }: NodeOptions): BrineError {
  return new BrineError(
    'JOIN_TIMEOUT',
    `node ${rank} waited ${joinWithinMs / 1000} s at ${coordinator} for the run to begin`,
    {
      hint: 'Check that node 0 was launched with that address, and reaches it; its terminal names who is missing.',
    },
  );
}
