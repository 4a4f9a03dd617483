import { BrineError } from '../base/errors.ts';
import { openLog, type Log } from '../base/log.ts';
import { scoped, type Scope } from '../base/scope.ts';
import type { Transport } from '../transport/transport.ts';
import { hostOf } from '../transport/endpoint.ts';
import { openTransport } from '../recipe/addresses.ts';
import { joinRun, reportFailure, type ControlLink, type Gathering } from '../control/control-client.ts';
import { nameOf, type Figures, type Role, type Saved } from '../control/messages.ts';
import { MetricsLog } from '../report/metrics.ts';
import { orphaned } from './orphan.ts';
import { bindFor, ownAddress, reachable } from '../transport/own-address.ts';
import { recipeIdentity, type Recipe } from '../recipe/recipe.ts';
import { readResolved, runFolder } from '../recipe/run-folder.ts';
import { isCancelled } from '../student/training/stop.ts';

/** What every process of a run does around its own work: reads the resolved recipe, joins, works, reports, leaves. */
export interface RoleSettings {
  readonly rank: number;
  /** The run folder. */
  readonly run: string;
  readonly coordinator: string;
  readonly replay?: string | undefined;
  readonly resume: boolean;
  /** Where to serve, in the place of a process that was lost. */
  readonly endpoint?: string | undefined;
  /** roles.bind and roles.keys of this machine: machines that share the run folder have one recipe.yaml. */
  readonly bind?: string | undefined;
  readonly keys?: string | undefined;
  /** Addresses that other machines can reach are served without keys too. */
  readonly insecure?: boolean | undefined;
  /** Aborted by SIGTERM: a student ends the run after a common step, any other role leaves alone. */
  readonly signal: AbortSignal;
  /** Resolves when the launcher is gone. */
  readonly orphaned: Promise<void>;
  /** Ends this process without a word. */
  readonly vanish: () => void;
}

export interface RoleContext {
  readonly name: string;
  readonly recipe: Recipe;
  readonly scope: Scope;
  readonly transport: Transport;
  readonly log: Log;
  readonly metrics: MetricsLog;
  readonly settings: RoleSettings;
  /** An endpoint of this process as peers are told it. */
  readonly reachable: (endpoint: string) => string;
}

export interface RoleWork {
  /** Opens what the others need to know the address of, before anybody is told of anybody. "" when there is nothing. */
  open(context: RoleContext): Promise<string>;
  /** Where a student serves its state, once it is open, and the newest checkpoint that it can read. */
  state?(context: RoleContext): Promise<{ readonly state: string; readonly saved?: Saved | undefined }>;
  /**
   * The work, once everybody has joined. Ends when it is done or when the signal is aborted; what it returns are the results. Throws
   * CANCELLED when the run cannot go on after that.
   */
  run(context: RoleContext, gathering: Gathering & { readonly signal: AbortSignal }): Promise<Figures>;
}

/**
 * Runs one role to its end. Whatever fails is told to the coordinator and thrown, but a role that was asked to leave and has done so has
 * not failed. All sockets are closed before this settles: a process that exits with a pending receive would abort.
 */
export function roleMain(role: Role, settings: RoleSettings, work: RoleWork): Promise<void> {
  return scoped(async (scope) => {
    const name = nameOf({ role, rank: settings.rank });
    const own = await ownAddress(hostOf(settings.coordinator));
    const recipe = hereOf(await readResolved(settings.run), settings, own);
    const told = (endpoint: string) => reachable(endpoint, own);
    const folder = runFolder(settings.run);
    const log = openLog(name);
    const { insecure } = settings;
    const transport = await openTransport(role, { keys: recipe.roles.keys, insecure });
    scope.defer(() => transport.close());
    const { coordinator, rank } = settings;
    const coordinatorTimeoutMs = recipe.roles.headless * 1000;
    const self = { transport, coordinator, id: { role, rank }, run: recipeIdentity(recipe) };
    const deserted = new AbortController();
    let link: ControlLink | undefined;
    const decide = async () => {
      await settings.orphaned;
      const fate = link ? await orphaned(link) : 'go'; // before it has joined, nobody misses it
      if (fate === 'go') settings.vanish();
      else if (fate === 'end') deserted.abort(askedToEnd(name, 'its launcher is gone'));
    };
    void decide();
    const tell = async (error: unknown): Promise<never> => {
      log.error({ err: error }, 'failed');
      await reportFailure(self, error);
      throw error;
    };
    const metrics = scope.use(await MetricsLog.open(folder.metrics(name), name).catch(tell));
    const context: RoleContext = { name, recipe, scope, transport, log, metrics, settings, reachable: told };
    const endpoint = await work.open(context).catch(tell);
    const { state = '', saved } = (await work.state?.(context).catch(tell)) ?? {};
    const gathering = await joinRun({
      ...self,
      endpoint: told(endpoint),
      state: told(state),
      saved,
      withinMs: recipe.roles.joinWithin * 1000,
      signal: settings.signal,
      coordinatorTimeoutMs,
    });
    link = scope.use(gathering.link);
    log.info({ peers: gathering.peers }, 'joined');
    const signal = AbortSignal.any([gathering.link.signal, settings.signal, deserted.signal]);
    await reported({ link: gathering.link, log, asked: settings.signal }, async () => {
      const results = await work.run(context, { ...gathering, signal });
      if (gathering.link.signal.aborted || deserted.signal.aborted) throw signal.reason;
      await gathering.link.done(results);
      log.info(results, settings.signal.aborted ? 'left' : 'done');
    });
  });
}

/** The recipe with what this machine's own says of where its processes serve. */
function hereOf(recipe: Recipe, { bind, keys }: RoleSettings, own: string | undefined): Recipe {
  const { roles } = recipe;
  const here = { bind: bindFor(bind ?? roles.bind, own), ...(keys !== undefined && { keys }) };
  return { ...recipe, roles: { ...roles, ...here } };
}

/** Tells the coordinator of a failure, unless it was the coordinator who ended the work. */
async function reported(
  { link, log, asked }: { link: ControlLink; log: Log; asked: AbortSignal },
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const obeys = asked.aborted && isCancelled(error);
    if (obeys) log.info({ err: error }, 'has left, as it was asked to');
    else log.error({ err: error }, 'failed');
    if (!link.signal.aborted) await link.failed(error);
    if (!obeys) throw link.signal.aborted ? link.signal.reason : error;
  }
}

/** Resolves when the run ends well or is stopped. */
export function ended(link: ControlLink, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return Promise.race([
    link.finished,
    new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
  ]);
}

/** Calls `report` at once and then every so often until `until` settles. */
export async function reporting<T>(report: () => Promise<void>, until: Promise<T>): Promise<T> {
  let busy: Promise<void> = report().catch(() => undefined);
  const timer = setInterval(() => {
    busy = busy.then(report).catch(() => undefined); // progress that cannot be sent is no failure of the work
  }, REPORT_EVERY_MS);
  try {
    return await until;
  } finally {
    clearInterval(timer);
    await busy;
  }
}

const REPORT_EVERY_MS = 500;

/** The reason of a signal that asks a role to end. */
export function askedToEnd(name: string, why: string): BrineError {
  return new BrineError('CANCELLED', `${name} was asked to end: ${why}`, {
    hint: 'Resume the run with --resume.',
  });
}
