import type { CoordinatorEvent } from './coordinator-events.ts';
import type { Figures } from './messages.ts';

/**
 * The present state of a run, gathered from what its roles report. The names of the figures that roles send stand here, once.
 */
export interface Snapshot {
  readonly ranks: number;
  readonly cache?: { readonly endpoint: string; readonly identity: string; readonly stored: number };
  readonly teachers?: {
    readonly alive: number;
    readonly tokensPerSecond: number;
    readonly rowsAhead: number;
  };
  readonly students?: StudentView;
  /** Whom the head waits for, and since how many seconds. */
  readonly waiting?: { readonly names: readonly string[]; readonly seconds: number };
  /** What roles could not write, as long as that lasts. */
  readonly troubles?: readonly { readonly name: string; readonly text: string }[];
}

/** The phase of a rank that has not trained a step yet. */
export const STARTING = 'starting';

/** What a rank waits for that trains no step. */
export const LABELS = 'labels';

/** The numbers of the first rank, with tokens of all ranks. Rates and shares are smoothed over the last steps. */
export interface StudentView {
  readonly step: number;
  readonly steps: number;
  readonly phase: string;
  readonly loss: number;
  readonly validationLoss?: number;
  /** The step it was measured after. */
  readonly validationStep?: number;
  readonly tokensPerSecond: number;
  readonly ringShare: number;
  readonly waitShare: number;
  /** By the pace of the steps that were trained. */
  readonly secondsLeft: number;
  /** Since this rank began. */
  readonly secondsElapsed?: number;
  readonly waitsFor?: typeof LABELS;
  /** Rows of this rank that had no label, so far; absent when none. */
  readonly plainRows?: number;
}

export function studentFigures({ phase, waitsFor, ...numbers }: StudentView): Figures {
  return { numbers: withoutUndefined(numbers), words: { phase, ...(waitsFor && { waitsFor }) } };
}

function withoutUndefined(numbers: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(numbers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** With what a role has to say that is not as it should be, and ends nothing. */
export function withTrouble({ numbers, words }: Figures, trouble: string | undefined): Figures {
  return {
    numbers,
    words: trouble === undefined ? words : { ...words, trouble: trouble.slice(0, LONGEST_TROUBLE) },
  };
}

/** With what a role has to say once. */
export function withWarnings({ numbers, words }: Figures, warnings: readonly string[]): Figures {
  return { numbers, words: warnings.length === 0 ? words : { ...words, warnings: warnings.join('\n') } };
}

export interface RoleWarning {
  /** Of the role. */
  readonly name: string;
  readonly text: string;
}

/** Remembers which warnings of a run's roles were told. */
export class Warnings {
  readonly #told = new Set<string>();

  /** Those of an event that are new, with the name of the role. */
  newIn(event: CoordinatorEvent): readonly RoleWarning[] {
    return event.kind === 'progress' ? this.newOf(event.name, event.figures) : [];
  }

  /** Those of a role's figures that are new. */
  newOf(name: string, figures: Figures): readonly RoleWarning[] {
    const texts = (figures.words['warnings'] ?? '').split('\n').filter((text) => text !== '');
    return texts.flatMap((text) => {
      if (this.#told.has(`${name} ${text}`)) return [];
      this.#told.add(`${name} ${text}`);
      return [{ name, text }];
    });
  }
}
/** Characters: a Status carries the troubles of all roles. */
export const LONGEST_TROUBLE = 500;

export function cacheFigures(view: {
  endpoint: string;
  identity: string;
  stored: number;
  rowsAhead: number;
  teachersAlive: number;
  tokensPerSecond: number;
  /** Fetched rows that were there, and that had to be waited for. */
  hits: number;
  misses: number;
}): Figures {
  const { endpoint, identity, ...numbers } = view;
  return { numbers, words: { endpoint, identity } };
}

export function teacherFigures(view: {
  tokensPerSecond: number;
  busySeconds: number;
  rows: number;
}): Figures {
  return { numbers: { ...view }, words: {} };
}

const STUDENT = 'student-';

/** Folds the coordinator's events into snapshots; pure in the events it was given. */
export class SnapshotKeeper {
  #ranks: number;
  readonly #figures = new Map<string, Figures>();
  #waiting: Snapshot['waiting'];

  constructor(ranks: number) {
    this.#ranks = ranks;
  }

  /** Whom the head waits for, from now on; undefined when it has everybody. */
  waitFor(waiting: Snapshot['waiting']): Snapshot {
    this.#waiting = waiting;
    return this.#snapshot();
  }

  after(event: CoordinatorEvent): Snapshot {
    if (event.kind === 'progress') this.#figures.set(event.name, event.figures);
    if (event.kind === 'dropped') this.#figures.delete(event.name);
    if (event.kind === 'started' || event.kind === 'ringFormed') this.#ranks = event.ranks;
    return this.#snapshot();
  }

  #snapshot(): Snapshot {
    const caches = [...this.#figures].filter(([name]) => name.startsWith('cache'));
    const cache = caches.find(([name]) => name === 'cache')?.[1];
    const sum = (name: string) => caches.reduce((total, [, { numbers }]) => total + (numbers[name] ?? 0), 0);
    const first = this.#first();
    // The cache counts teachers: those of this launch, and those that were attached by hand. Each works for all servers.
    const alive = Math.max(0, ...caches.map(([, { numbers }]) => numbers['teachersAlive'] ?? 0));
    const troubles = [...this.#figures].flatMap(([name, { words }]) => {
      const text = words['trouble'];
      return text === undefined ? [] : [{ name, text }];
    });
    const launched = [...this.#figures.keys()].some((name) => name.startsWith('teacher-'));
    return {
      ranks: this.#ranks,
      ...(this.#waiting && { waiting: this.#waiting }),
      ...(cache && {
        cache: {
          endpoint: cache.words['endpoint'] ?? '',
          identity: cache.words['identity'] ?? '',
          stored: sum('stored'),
        },
      }),
      ...(cache &&
        (launched || alive > 0) && {
          teachers: {
            alive,
            tokensPerSecond: sum('tokensPerSecond'),
            rowsAhead: sum('rowsAhead'),
          },
        }),
      ...(first && { students: studentOf(first) }),
      ...(troubles.length > 0 && { troubles }),
    };
  }

  /** The first rank of those that report. */
  #first(): Figures | undefined {
    const names = [...this.#figures.keys()].filter((name) => name.startsWith(STUDENT));
    const [first] = names.toSorted((a, b) => rankOf(a) - rankOf(b));
    return first === undefined ? undefined : this.#figures.get(first);
  }
}

function rankOf(name: string): number {
  return Number(name.slice(STUDENT.length));
}

function studentOf({ numbers, words }: Figures): StudentView {
  const number = (name: string) => numbers[name] ?? 0;
  return {
    step: number('step'),
    steps: number('steps'),
    phase: words['phase'] ?? '',
    loss: number('loss'),
    ...given(numbers, 'validationLoss'),
    ...given(numbers, 'validationStep'),
    tokensPerSecond: number('tokensPerSecond'),
    ringShare: number('ringShare'),
    waitShare: number('waitShare'),
    secondsLeft: number('secondsLeft'),
    ...given(numbers, 'secondsElapsed'),
    ...(words['waitsFor'] === LABELS && { waitsFor: LABELS }),
    ...given(numbers, 'plainRows'),
  };
}

function given<K extends string>(numbers: Figures['numbers'], name: K): { [N in K]?: number } {
  const value = numbers[name];
  return value === undefined ? {} : ({ [name]: value } as { [N in K]?: number });
}
