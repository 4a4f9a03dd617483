import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { BrineError } from '../base/errors.ts';
import { writeFileWhole } from '../base/files/files.ts';
import { parseWith } from '../base/schema.ts';
import { z, type Z } from '../base/zod.ts';
import { nameOf, type RoleId } from '../control/messages.ts';
import { isAlive, ownProcess, type ProcessName } from '../base/process/process-identity.ts';
import { bestEffort, orUndefined } from '../base/promises.ts';

/**
 * The coordinator state file, runs/X/coordinator.json, for failover. It is written atomically at every change,
 * before any process learns of the change, and removed when the run ends. It does not contain steps, parameters or
 * labels; their owners report them.
 */
const whole = z.number().int().nonnegative();
const roleId = z.strictObject({ role: z.enum(['cache', 'teacher', 'student', 'node']), rank: whole });
const FORMAT = 'brine-coordinator-1';
const STATE_FILE = z.strictObject({
  format: z.literal(FORMAT),
  /** Identity of the recipe. */
  run: z.string(),
  /** Endpoint of the coordinator. */
  endpoint: z.string(),
  /** The process of the head. */
  head: z.strictObject({ pid: whole, began: z.string() }),
  /** Generation of the ring. */
  generation: whole,
  /** Student ranks on the ring, by ring rank; empty before the first ring. */
  ringOrder: z.array(whole),
  /** Names of roles that the run does not wait for. */
  excused: z.array(z.string()),
  /** Names of all roles of the run. */
  expected: z.array(z.string()),
  /** Roles that have a process. */
  roles: z.array(
    z.strictObject({
      ...roleId.shape,
      pid: whole,
      began: z.string(),
      /** Endpoints of the role and of a student's state; "" before it has joined. */
      endpoint: z.string(),
      state: z.string(),
    }),
  ),
  /** Restarts of each role so far. */
  restarts: z.record(z.string(), whole),
});

export type CoordinatorState = Readonly<Z.infer<typeof STATE_FILE>>;
export type ProcessState = CoordinatorState['roles'][number];

/** The part of the file that the coordinator owns. */
export type RunState = Pick<CoordinatorState, 'generation' | 'ringOrder' | 'excused' | 'roles' | 'restarts'>;

const MAX_BYTES = 16 << 20;

/** Read a coordinator state file; undefined when there is none. Throws CONFIG_INVALID for a damaged file. */
export async function readCoordinatorState(path: string): Promise<CoordinatorState | undefined> {
  if (!existsSync(path)) return undefined;
  return parseCoordinatorState(await readSmall(path), path);
}

/** Parse the text of a coordinator state file. Throws CONFIG_INVALID, naming `path`. */
export function parseCoordinatorState(text: string, path: string): CoordinatorState {
  try {
    return parseWith(STATE_FILE, JSON.parse(text), { what: path });
  } catch (cause) {
    throw damaged(path, cause);
  }
}

async function readSmall(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > MAX_BYTES) throw damaged(path, new Error(`${size} bytes`));
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** The resumed run. */
export interface ResumedRun {
  /** Identity of the recipe. */
  readonly run: string;
  readonly expected: readonly RoleId[];
  /** Number of machines. */
  readonly nodes: number;
  /** Port at which other machines expect the head; undefined when it can use its predecessor's endpoint. */
  readonly port: number | undefined;
  /** Whether a process of this machine is alive. Default: asks the system. */
  readonly isAlive?: ((process: ProcessName) => boolean) | undefined;
}

/**
 * Decide whether a resumed run takes over the state of an earlier head; undefined when no process of the earlier run
 * is alive. Throws ADDRESS_IN_USE while its head is alive, and CONFIG_INVALID when live processes do not fit the
 * resumed run.
 */
export function predecessorOf(
  stateFile: CoordinatorState | undefined,
  { run, expected, nodes, port, isAlive: isUp = isAlive }: ResumedRun,
): CoordinatorState | undefined {
  if (!stateFile) return undefined;
  if (isUp(stateFile.head)) throw stillServed(stateFile);
  // Processes on other machines are not visible from here; live ones will reconnect.
  if (nodes === 1 && !stateFile.roles.some(isUp)) return undefined;
  const isFound = port === undefined || stateFile.endpoint.endsWith(`:${port}`);
  if (!isFound && !stateFile.roles.some(isUp)) return undefined; // processes elsewhere cannot find this head
  if (!isFound) throw servedElsewhere(stateFile);
  const now = expected.map(nameOf).toSorted().join();
  const before = stateFile.expected.toSorted().join();
  if (stateFile.run === run && now === before) return stateFile;
  if (!stateFile.roles.some(isUp)) return undefined;
  throw new BrineError(
    'CONFIG_INVALID',
    `live processes of this run have the roles ${before}; the recipe now has ${now}`,
    {
      hint: 'Resume with the same roles, or wait until those processes have exited (roles.headless).',
    },
  );
}

export interface StateFileOptions extends Pick<
  CoordinatorState,
  'run' | 'endpoint' | 'expected' | 'generation'
> {
  readonly predecessor: CoordinatorState | undefined;
  /** The process of the head. Default: this one. */
  readonly head?: ProcessName | undefined;
}

/** Where the text of a coordinator state file is kept. */
export interface StateStorage {
  /** Replace the text atomically. Resolves when it is durable. Throws FILE_UNWRITABLE. */
  write(text: string): Promise<void>;
  remove(): Promise<void>;
}

/** Keep the coordinator state in the file `path`. */
export function stateFileAt(path: string): StateStorage {
  return { write: (text) => writeFileWhole(path, text), remove: () => rm(path, { force: true }) };
}

/** Writes a run's coordinator state file. Writes are serialized; each writes the latest state. */
export class StateFile {
  readonly #storage: StateStorage | undefined;
  readonly #fixed: Pick<CoordinatorState, 'format' | 'run' | 'endpoint' | 'head' | 'expected'>;
  readonly #started = new Map<string, ProcessState>();
  #state: RunState;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(
    storage: StateStorage | undefined,
    { predecessor, generation, head = ownProcess(), ...fixed }: StateFileOptions,
  ) {
    this.#storage = storage;
    this.#fixed = { format: FORMAT, ...fixed, head };
    this.#state = predecessor ?? { generation, ringOrder: [], excused: [], roles: [], restarts: {} };
  }

  /** Open a state file; without a storage nothing is written. Throws FILE_UNWRITABLE. */
  static async open(storage: StateStorage | undefined, start: StateFileOptions): Promise<StateFile> {
    const file = new StateFile(storage, start);
    await file.#write();
    return file;
  }

  /** Write the coordinator's state. Resolves when it is on disk. Throws FILE_UNWRITABLE. */
  remember(state: RunState): Promise<void> {
    this.#state = state;
    return this.#write();
  }

  /** Record a process that was started on this machine. Throws as `remember`. */
  started({ role, rank }: RoleId, { pid, began }: ProcessName): Promise<void> {
    this.#started.set(nameOf({ role, rank }), { role, rank, pid, began, endpoint: '', state: '' });
    return this.#write();
  }

  /** Remove the file when the run has ended, so that no successor takes over. */
  async remove(): Promise<void> {
    this.#closed = true;
    await bestEffort(this.#writing); // the caller of that write gets the error
    await this.#storage?.remove();
  }

  #write(): Promise<void> {
    const written = orUndefined(this.#writing).then(() => this.#writeNewest());
    this.#writing = written;
    return written;
  }

  async #writeNewest(): Promise<void> {
    if (!this.#closed) await this.#storage?.write(this.#text());
  }

  /** Joined roles take precedence over started ones, unless a newer process has replaced them. */
  #text(): string {
    const roles = new Map(this.#state.roles.map((role) => [nameOf(role), role]));
    for (const [name, role] of this.#started) {
      const former = roles.get(name);
      if (former?.pid === role.pid) continue;
      const endpoint = role.role === 'cache' ? (former?.endpoint ?? '') : ''; // a server keeps its endpoint
      roles.set(name, { ...role, endpoint });
    }
    const { generation, ringOrder, excused, restarts } = this.#state;
    const stateFile: CoordinatorState = {
      ...this.#fixed,
      generation,
      ringOrder,
      excused,
      roles: [...roles.values()],
      restarts,
    };
    return `${JSON.stringify(stateFile, undefined, 2)}\n`;
  }
}

function damaged(path: string, cause: unknown): BrineError {
  return new BrineError('CONFIG_INVALID', `${path} is not a valid coordinator state file`, {
    hint: 'Move it away when no process of the run is left. --resume then continues from the latest checkpoint.',
    cause,
  });
}

function servedElsewhere({ endpoint }: CoordinatorState): BrineError {
  return new BrineError('CONFIG_INVALID', `live processes of this run expect its head at ${endpoint}`, {
    hint: 'Launch the run with that port (--head), or wait until they have exited (roles.headless).',
  });
}

function stillServed({ head, endpoint }: CoordinatorState): BrineError {
  return new BrineError('ADDRESS_IN_USE', `process ${head.pid} still leads this run at ${endpoint}`, {
    hint: 'End it first (SIGTERM), or watch it with brine status --coordinator ADDRESS.',
  });
}
