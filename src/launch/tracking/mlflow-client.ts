/**
 * The part of MLflow's REST API that tracking needs (https://mlflow.org/docs/latest/rest-api.html), version 2.0 of
 * the API, which servers of MLflow 1 to 3 answer.
 */

/** Where runs are tracked. */
export interface Tracking {
  /** Address of the MLflow server, without a slash at the end. */
  readonly server: string;
  /** Value of the Authorization header. Never logged. */
  readonly authorization?: string | undefined;
  /** Name of the experiment that runs belong to. It is created if it does not exist. */
  readonly experiment: string;
}

export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Unix time in milliseconds. */
  readonly timestamp: number;
  readonly step: number;
}

export interface Parameter {
  readonly key: string;
  readonly value: string;
}

export type RunStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

/** Most metrics and parameters of one request, by the API's documentation. */
export const MAX_METRICS = 1000;
export const MAX_PARAMETERS = 100;

/** A request that failed. Its message contains no header. */
export class MlflowFault extends Error {
  /** HTTP status; undefined when the server did not answer. */
  readonly status: number | undefined;
  /** The API's error code, such as RESOURCE_DOES_NOT_EXIST. */
  readonly code: string | undefined;

  constructor(message: string, answer: { status?: number; code?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause: answer.cause });
    this.name = 'MlflowFault';
    this.status = answer.status;
    this.code = answer.code;
  }

  /** Whether the server refused the content of the request, so that sending it again cannot succeed. */
  get isRefusal(): boolean {
    return this.status === 400 || this.status === 413 || this.status === 422;
  }

  get isMissing(): boolean {
    return this.code === 'RESOURCE_DOES_NOT_EXIST';
  }
}

export class MlflowClient {
  readonly #tracking: Tracking;
  readonly #timeoutMs: number;

  /** `timeoutMs` bounds every request. */
  constructor(tracking: Tracking, { timeoutMs = 10_000 } = {}) {
    this.#tracking = tracking;
    this.#timeoutMs = timeoutMs;
  }

  /** Returns the id of an experiment, and creates it if it does not exist. Throws MlflowFault. */
  async experiment(name: string, signal?: AbortSignal): Promise<string> {
    try {
      return await this.#experimentNamed(name, signal);
    } catch (error) {
      if (!(error instanceof MlflowFault && error.isMissing)) throw error;
    }
    try {
      return idIn(await this.#call('experiments/create', { body: { name }, signal }), ['experiment_id']);
    } catch (error) {
      if (!(error instanceof MlflowFault && error.code === 'RESOURCE_ALREADY_EXISTS')) throw error;
      return this.#experimentNamed(name, signal); // another run has just created it
    }
  }

  /** Creates a run and returns its id. Throws MlflowFault. */
  async createRun(
    { experiment, name, tags }: { experiment: string; name: string; tags: Readonly<Record<string, string>> },
    signal?: AbortSignal,
  ): Promise<string> {
    const body = {
      experiment_id: experiment,
      run_name: name,
      start_time: Date.now(),
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    };
    return idIn(await this.#call('runs/create', { body, signal }), ['run', 'info', 'run_id']);
  }

  /** Sends at most MAX_METRICS metrics and MAX_PARAMETERS parameters. Throws MlflowFault. */
  async logBatch(
    run: string,
    { metrics = [], params = [] }: { metrics?: readonly Metric[]; params?: readonly Parameter[] },
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#call('runs/log-batch', { body: { run_id: run, metrics, params, tags: [] }, signal });
  }

  /** Sets the status of a run; every status but RUNNING also ends it. Throws MlflowFault. */
  async setStatus(run: string, status: RunStatus, signal?: AbortSignal): Promise<void> {
    const end = status === 'RUNNING' ? {} : { end_time: Date.now() };
    await this.#call('runs/update', { body: { run_id: run, status, ...end }, signal });
  }

  async #experimentNamed(name: string, signal: AbortSignal | undefined): Promise<string> {
    const query = `?experiment_name=${encodeURIComponent(name)}`;
    return idIn(await this.#call(`experiments/get-by-name${query}`, { signal }), [
      'experiment',
      'experiment_id',
    ]);
  }

  async #call(
    path: string,
    { body, signal }: { body?: object; signal: AbortSignal | undefined },
  ): Promise<unknown> {
    const { server, authorization } = this.#tracking;
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(`${server}/api/2.0/mlflow/${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(authorization !== undefined && { authorization }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      text = await answer.text();
    } catch (cause) {
      throw new MlflowFault(`no answer: ${reasonOf(cause)}`, { cause });
    }
    const value = parsed(text);
    if (answer.ok && value !== undefined) return value;
    throw faultOf(answer.status, value);
  }
}

/** Longest text of a server's error that is shown. */
const MAX_TEXT = 200;

function faultOf(status: number, value: unknown): MlflowFault {
  const { error_code: code, message } = (value ?? {}) as { error_code?: unknown; message?: unknown };
  const known = typeof code === 'string' ? code : undefined;
  const text = typeof message === 'string' ? `: ${message.slice(0, MAX_TEXT)}` : '';
  return new MlflowFault(`status ${status}${known === undefined ? '' : ` ${known}`}${text}`, {
    status,
    code: known,
  });
}

/** The first cause with words: fetch hides "connect ECONNREFUSED" in one. */
function reasonOf(error: unknown): string {
  let at: unknown = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  if (!(at instanceof Error)) return String(at);
  return at.message || ((at as NodeJS.ErrnoException).code ?? at.name); // several addresses: only a code
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the answer of another server, such as a proxy
  }
}

/** The text at a path of keys. Throws MlflowFault when there is none. */
function idIn(answer: unknown, path: readonly string[]): string {
  let at = answer;
  for (const key of path) at = (at as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  if (typeof at === 'string' && at !== '') return at;
  throw new MlflowFault(`the answer has no ${path.join('.')}: is this an MLflow server?`);
}
