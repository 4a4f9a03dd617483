import { BrineError } from '../base/errors.ts';
import { openLog, type Log } from '../base/log.ts';
import { scoped, type Scope } from '../base/scope.ts';
import type { Transport } from '../transport/transport.ts';
import { hostOf } from '../transport/endpoint.ts';
import { openTransport } from '../recipe/addresses.ts';
import { joinRun, reportFailure, type Gathering } from '../control/control-client.ts';
import type { ControlLink } from '../control/control-link.ts';
import { nameOf, type Figures, type Role, type Saved } from '../control/messages.ts';
import { MetricsLog } from '../report/metrics.ts';
import { orphaned } from './orphan.ts';
import { bindFor, ownAddress, reachable } from '../transport/own-address.ts';
import { recipeIdentity, type Recipe } from '../recipe/recipe.ts';
import { readResolved, runFolder } from '../recipe/run-folder.ts';
import { isCancelled } from '../student/training/stop.ts';

/**
 * Settings of a process of a run. `roleMain` reads the resolved recipe, joins the run, does the
 * role's work, and reports.
 */
export interface RoleSettings {
  readonly rank: number;
  /** The run folder. */
  readonly run: string;
  readonly coordinator: string;
  readonly replay?: string | undefined;
  readonly resume: boolean;
  /** Endpoint of the lost process that this one replaces. */
  readonly endpoint?: string | undefined;
  /**
   * This machine's roles.bind and roles.keys, because machines that share the run folder share one
   * recipe.yaml.
   */
  readonly bind?: string | undefined;
  readonly keys?: string | undefined;
  /** Whether to serve on addresses reachable from other machines without keys. */
  readonly insecure?: boolean | undefined;
  /** Aborted by SIGTERM. A student then ends the run after a common step; other roles leave alone. */
  readonly signal: AbortSignal;
  /** Resolves when the launcher is gone. */
  readonly orphaned: Promise<void>;
  /** Exits this process at once, without a report. */
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
  /** Converts an endpoint of this process to the form that peers can reach. */
  readonly reachable: (endpoint: string) => string;
}

export interface RoleWork {
  /** Opens this role's server before the run is joined. Resolves to its endpoint, or "" without one. */
  open(context: RoleContext): Promise<string>;
  /** The endpoint of a student's state server, and the latest checkpoint that it can read. */
  state?(context: RoleContext): Promise<{ readonly state: string; readonly saved?: Saved | undefined }>;
  /**
   * Does the work after all processes have joined. Ends when it is done or the signal is aborted,
   * and resolves to the results. Throws CANCELLED if the run cannot continue afterwards.
   */
  run(context: RoleContext, gathering: Gathering & { readonly signal: AbortSignal }): Promise<Figures>;
}

/**
 * Runs one role to its end. Failures are reported to the coordinator and thrown. A role that leaves
 * on request has not failed. All sockets are closed before this settles: a process that exits with
 * a pending receive would abort.
 */
export function roleMain(role: Role, settings: RoleSettings, work: RoleWork): Promise<void> {
  return scoped(async (scope) => {
    const name = nameOf({ role, rank: settings.rank });
    const own = await ownAddress(hostOf(settings.coordinator));
    const recipe = hereOf(await readResolved(settings.run), settings, own);
    const reachableHere = (endpoint: string) => reachable(endpoint, own);
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
      const fate = link ? await orphaned(link) : 'go'; // before it has joined, no other process depends on it
      if (fate === 'go') settings.vanish();
      else if (fate === 'end') deserted.abort(askedToEnd(name, 'its launcher is gone'));
    };
    void decide();
    const reportAndThrow = async (error: unknown): Promise<never> => {
      log.error({ err: error }, 'failed');
      await reportFailure(self, error);
      throw error;
    };
    const metrics = scope.use(await MetricsLog.open(folder.metrics(name), name).catch(reportAndThrow));
    const context: RoleContext = {
      name,
      recipe,
      scope,
      transport,
      log,
      metrics,
      settings,
      reachable: reachableHere,
    };
    const endpoint = await work.open(context).catch(reportAndThrow);
    const { state = '', saved } = (await work.state?.(context).catch(reportAndThrow)) ?? {};
    const gathering = await joinRun({
      ...self,
      endpoint: reachableHere(endpoint),
      state: reachableHere(state),
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

/** The recipe with this machine's `roles.bind` and `roles.keys`. */
function hereOf(recipe: Recipe, { bind, keys }: RoleSettings, own: string | undefined): Recipe {
  const { roles } = recipe;
  const here = { bind: bindFor(bind ?? roles.bind, own), ...(keys !== undefined && { keys }) };
  return { ...recipe, roles: { ...roles, ...here } };
}

/** Reports a failure to the coordinator, unless the coordinator ended the work. */
async function reported(
  { link, log, asked }: { link: ControlLink; log: Log; asked: AbortSignal },
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

/** Resolves when the run succeeds or is stopped. */
export function ended(link: ControlLink, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return Promise.race([
    link.finished,
    new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
  ]);
}

/** Calls `report` at once, and then every REPORT_EVERY_MS until `until` settles. */
export async function reporting<T>(report: () => Promise<void>, until: Promise<T>): Promise<T> {
  let busy: Promise<void> = report().catch(() => undefined);
  const timer = setInterval(() => {
    busy = busy.then(report).catch(() => undefined); // unsent progress is not a failure of the work
  }, REPORT_EVERY_MS);
  try {
    return await until;
  } finally {
    clearInterval(timer);
    await busy;
  }
}

const REPORT_EVERY_MS = 500;

/** Abort reason of the signal that asks a role to end. */
export function askedToEnd(name: string, why: string): BrineError {
  return new BrineError('CANCELLED', `${name} was asked to end: ${why}`, {
    hint: 'Resume the run with --resume.',
  });
}
