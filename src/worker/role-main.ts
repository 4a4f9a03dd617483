import { unlessAborted } from '../base/interruption.ts';
import { openLog, type Log } from '../base/log.ts';
import { bestEffort } from '../base/promises.ts';
import { scoped, type Scope } from '../base/scope.ts';
import type { Transport } from '../transport/transport.ts';
import { hostOf } from '../transport/endpoint.ts';
import { openTransport } from '../recipe/addresses.ts';
import { reportFailure, type Gathering } from '../control/control-client.ts';
import type { ControlLink } from '../control/control-link.ts';
import { nameOf, type Figures, type Role, type Saved } from '../control/messages.ts';
import { MetricsLog } from '../report/metrics.ts';
import { participate } from './participation.ts';
import { bindFor, ownAddress, reachable } from '../transport/own-address.ts';
import { recipeIdentity, type Recipe } from '../recipe/recipe.ts';
import { readResolved, runFolder } from '../recipe/run-folder.ts';

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
    const self = { transport, coordinator, id: { role, rank }, run: recipeIdentity(recipe) };
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
    await participate({
      self,
      scope,
      joinWithinMs: recipe.roles.joinWithin * 1000,
      coordinatorTimeoutMs: recipe.roles.headless * 1000,
      ...settings,
      log,
      async open() {
        const endpoint = await work.open(context);
        const { state = '', saved } = (await work.state?.(context)) ?? {};
        return { endpoint: reachableHere(endpoint), state: reachableHere(state), saved };
      },
      run: (gathering) => work.run(context, gathering),
    });
  });
}

/** The recipe with this machine's `roles.bind` and `roles.keys`. */
function hereOf(recipe: Recipe, { bind, keys }: RoleSettings, own: string | undefined): Recipe {
  const { roles } = recipe;
  const here = { bind: bindFor(bind ?? roles.bind, own), ...(keys !== undefined && { keys }) };
  return { ...recipe, roles: { ...roles, ...here } };
}

/** Resolves when the run succeeds or is stopped. */
export function ended(link: ControlLink, signal: AbortSignal): Promise<void> {
  return bestEffort(unlessAborted(link.finished, signal));
}

/** Calls `report` at once, and then every REPORT_EVERY_MS until `until` settles. */
export async function reporting<T>(report: () => Promise<void>, until: Promise<T>): Promise<T> {
  let busy = bestEffort(report());
  const timer = setInterval(() => {
    busy = bestEffort(busy.then(report)); // unsent progress is not a failure of the work
  }, REPORT_EVERY_MS);
  try {
    return await until;
  } finally {
    clearInterval(timer);
    await busy;
  }
}

const REPORT_EVERY_MS = 500;
