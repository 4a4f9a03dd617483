import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { BrineError } from '../base/errors.ts';
import { writeFileWhole } from '../base/files/files.ts';
import { parseWith, z } from '../base/schema.ts';
import { nameOf, type RoleId } from '../control/messages.ts';
import { isAlive, ownProcess, processBegan } from '../base/process/process-identity.ts';

/**
 * What the successor of a run's head must know: runs/X/coordinator.json, written whole at every change, before anybody is told of it, and
 * removed when the run ends by itself. Steps, parameters and labels are not in it: who holds them says so.
 */
const whole = z.number().int().nonnegative();
const roleId = z.strictObject({ role: z.enum(['cache', 'teacher', 'student', 'node']), rank: whole });
const FORMAT = 'brine-coordinator-1';
const JOURNAL = z.strictObject({
  format: z.literal(FORMAT),
  /** Identity of the recipe. */
  run: z.string(),
  /** Where the coordinator serves. */
  endpoint: z.string(),
  /** The process of the head. */
  head: z.strictObject({ pid: whole, began: z.string() }),
  /** Of the ring. */
  generation: whole,
  /** Ranks of the students on it, by their ringOrder; none before the first. */
  ringOrder: z.array(whole),
  /** Names of roles that are not waited for any more. */
  excused: z.array(z.string()),
  /** Names of all roles of the run. */
  expected: z.array(z.string()),
  /** Those that have a process. */
  roles: z.array(
    z.strictObject({
      ...roleId.shape,
      pid: whole,
      began: z.string(),
      /** Where it serves, and where a student serves its state; "" before it has joined. */
      endpoint: z.string(),
      state: z.string(),
    }),
  ),
  /** How often each role was started again. */
  restarts: z.record(z.string(), whole),
});

export type CoordinatorState = Readonly<z.infer<typeof JOURNAL>>;
export type ProcessState = CoordinatorState['roles'][number];

/** What the coordinator knows of it. */
export type RunState = Pick<CoordinatorState, 'generation' | 'ringOrder' | 'excused' | 'roles'>;

const MOST_BYTES = 16 << 20;

/** The stateFile at a path; undefined when there is none. Throws CONFIG_INVALID for one that cannot be read. */
export async function readCoordinatorState(path: string): Promise<CoordinatorState | undefined> {
  if (!existsSync(path)) return undefined;
  const text = await readSmall(path);
  try {
    return parseWith(JOURNAL, JSON.parse(text), { what: path });
  } catch (cause) {
    throw damaged(path, cause);
  }
}

async function readSmall(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > MOST_BYTES) throw damaged(path, new Error(`${size} bytes`));
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** A run as it is begun now. */
export interface Succession {
  /** Identity of the recipe. */
  readonly run: string;
  readonly expected: readonly RoleId[];
  /** How many machines there are. */
  readonly nodes: number;
  /** Where all machines are told that the head serves; undefined when it may serve where its predecessor did. */
  readonly port: number | undefined;
}

/**
 * The stateFile that a resumed run goes on from: undefined when nobody is left of the run before. Throws ADDRESS_IN_USE while its head
 * lives, and CONFIG_INVALID when processes of it are left that this run has no place for.
 */
export async function predecessorOf(
  path: string,
  { run, expected, nodes, port }: Succession,
): Promise<CoordinatorState | undefined> {
  const stateFile = await readCoordinatorState(path);
  if (!stateFile) return undefined;
  if (isAlive(stateFile.head)) throw stillServed(stateFile);
  // What lives on other machines cannot be seen from here: it will say so itself.
  if (nodes === 1 && !stateFile.roles.some(isAlive)) return undefined;
  const isFound = port === undefined || stateFile.endpoint.endsWith(`:${port}`);
  if (!isFound && !stateFile.roles.some(isAlive)) return undefined; // whoever lives elsewhere will not be found
  if (!isFound) throw servedElsewhere(stateFile);
  const now = expected.map(nameOf).toSorted().join();
  const before = stateFile.expected.toSorted().join();
  if (stateFile.run === run && now === before) return stateFile;
  if (!stateFile.roles.some(isAlive)) return undefined;
  throw new BrineError('CONFIG_INVALID', `processes of this run live on as ${before}; now it has ${now}`, {
    hint: 'Resume with the same roles, or wait until those have ended (roles.headless).',
  });
}

export interface StateFileOptions extends Pick<
  CoordinatorState,
  'run' | 'endpoint' | 'expected' | 'generation'
> {
  readonly predecessor: CoordinatorState | undefined;
}

/** Keeps a run's stateFile on disk. One write at a time; each writes the newest. */
export class StateFile {
  readonly #path: string | undefined;
  readonly #fixed: Pick<CoordinatorState, 'format' | 'run' | 'endpoint' | 'head' | 'expected'>;
  readonly #started = new Map<string, ProcessState>();
  readonly #restarts: Map<string, number>;
  #state: RunState;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(path: string | undefined, { predecessor, generation, ...fixed }: StateFileOptions) {
    this.#path = path;
    this.#fixed = { format: FORMAT, ...fixed, head: ownProcess() };
    this.#restarts = new Map(Object.entries(predecessor?.restarts ?? {}));
    this.#state = predecessor ?? { generation, ringOrder: [], excused: [], roles: [] };
  }

  /** Without a path nothing is written. Throws FILE_UNWRITABLE. */
  static async open(path: string | undefined, start: StateFileOptions): Promise<StateFile> {
    const keeper = new StateFile(path, start);
    await keeper.#write();
    return keeper;
  }

  restartsOf(id: RoleId): number {
    return this.#restarts.get(nameOf(id)) ?? 0;
  }

  /** Resolves when it is on disk. Throws FILE_UNWRITABLE. */
  remember(memory: RunState): Promise<void> {
    this.#state = memory;
    return this.#write();
  }

  /** A process was started on this machine. Throws as `remember`. */
  started({ role, rank }: RoleId, pid: number): Promise<void> {
    const began = processBegan(pid);
    this.#started.set(nameOf({ role, rank }), { role, rank, pid, began, endpoint: '', state: '' });
    return this.#write();
  }

  restarted(id: RoleId): void {
    this.#restarts.set(nameOf(id), this.restartsOf(id) + 1);
  }

  /** The run has ended by itself: nobody is to succeed. */
  async remove(): Promise<void> {
    this.#closed = true;
    await this.#writing.catch(() => undefined); // whoever asked for it hears of it
    if (this.#path !== undefined) await rm(this.#path, { force: true });
  }

  #write(): Promise<void> {
    const written = this.#writing.catch(() => undefined).then(() => this.#writeNewest());
    this.#writing = written;
    return written;
  }

  async #writeNewest(): Promise<void> {
    if (!this.#closed && this.#path !== undefined) await writeFileWhole(this.#path, this.#text());
  }

  /** A process that has joined is known better than one that was started, unless that took its place. */
  #text(): string {
    const roles = new Map(this.#state.roles.map((role) => [nameOf(role), role]));
    for (const [name, role] of this.#started) if (roles.get(name)?.pid !== role.pid) roles.set(name, role);
    const { generation, ringOrder, excused } = this.#state;
    const stateFile: CoordinatorState = {
      ...this.#fixed,
      generation,
      ringOrder,
      excused,
      roles: [...roles.values()],
      restarts: Object.fromEntries(this.#restarts),
    };
    return `${JSON.stringify(stateFile, undefined, 2)}\n`;
  }
}

function damaged(path: string, cause: unknown): BrineError {
  return new BrineError('CONFIG_INVALID', `${path} is no stateFile of a coordinator`, {
    hint: 'Without it --resume goes on from the newest checkpoint: move it away once no process of the run is left.',
    cause,
  });
}

function servedElsewhere({ endpoint }: CoordinatorState): BrineError {
  return new BrineError(
    'CONFIG_INVALID',
    `processes of this run live on and look for its head at ${endpoint}`,
    {
      hint: 'Launch it with that port again (--head), or wait until they have ended (roles.headless).',
    },
  );
}

function stillServed({ head, endpoint }: CoordinatorState): BrineError {
  return new BrineError('ADDRESS_IN_USE', `process ${head.pid} still leads this run at ${endpoint}`, {
    hint: 'End it first (SIGTERM), or watch it with brine status --coordinator ADDRESS.',
  });
}
