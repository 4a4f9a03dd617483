import type { CoordinatorEvent } from './coordinator-events.ts';
import type { Figures } from './figures.ts';
import { DIAGNOSTICS, type Diagnostic } from '../report/diagnostics.ts';

/**
 * The present state of a run, computed from its roles' reports. This file defines the names of all figures.
 */
export interface Snapshot {
  readonly ranks: number;
  /** The label cache: its address, the identity of its labels, and its stored rows. */
  readonly cache?: { readonly endpoint: string; readonly identity: string; readonly stored: number };
  readonly teachers?: {
    readonly alive: number;
    /** Throughput of all teachers. */
    readonly tokensPerSecond: number;
    /** Labelled rows that no student has fetched yet. */
    readonly rowsAhead: number;
  };
  readonly students?: StudentView;
  /** Names of the missing roles and the seconds that the coordinator has waited for them. */
  readonly waiting?: { readonly names: readonly string[]; readonly seconds: number };
  /** Persisting non-fatal faults, such as failed writes. */
  readonly troubles?: readonly { readonly name: string; readonly text: string }[];
}

/** The phase of a rank that has not trained a step yet. */
export const STARTING = 'starting';

/** The value of `waitsFor` while a rank waits for labels. */
export const LABELS = 'labels';

/**
 * The figures of the lowest rank; tokens are those of all ranks. Rates and shares are smoothed over
 * recent steps. Diagnostics are those of the latest step that measured them; those of the teacher only if the latest
 * step used labels.
 */
export interface StudentView extends Readonly<Partial<Record<Diagnostic, number | undefined>>> {
  /** Steps trained, and those of the plan. */
  readonly step: number;
  readonly steps: number;
  readonly phase: string;
  /** Cross-entropy against the targets of the latest step, in nats a token; 0 before the first. */
  readonly loss: number;
  /**
   * Number of parts of the teacher that a rule of the plan leaves separately (1, or the buckets of its
   * entropy), and how many have been left. Only for plans with such a rule.
   */
  readonly teacherParts?: number;
  readonly teacherPartsLeft?: number;
  /** The step after which the latest part was left. */
  readonly teacherLeftStep?: number;
  readonly validationLoss?: number;
  /** The step after which the validation loss was measured. */
  readonly validationStep?: number;
  readonly tokensPerSecond: number;
  /** Shares of a step's time, 0 … 1: in the ring, and waiting for labels. */
  readonly ringShare: number;
  readonly waitShare: number;
  /** Estimated from the time of the steps so far. */
  readonly secondsLeft: number;
  /** Since this rank started. */
  readonly secondsElapsed?: number;
  readonly waitsFor?: typeof LABELS;
  /** Rows that this rank trained without labels; absent when none. */
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

/** Add a non-fatal fault to a role's figures. */
export function withTrouble({ numbers, words }: Figures, trouble: string | undefined): Figures {
  return {
    numbers,
    words: trouble === undefined ? words : { ...words, trouble: trouble.slice(0, LONGEST_TROUBLE) },
  };
}

/** Add warnings to a role's figures; each is shown once. */
export function withWarnings({ numbers, words }: Figures, warnings: readonly string[]): Figures {
  return { numbers, words: warnings.length === 0 ? words : { ...words, warnings: warnings.join('\n') } };
}

export interface RoleWarning {
  /** Name of the role. */
  readonly name: string;
  readonly text: string;
}

/** Filters repeated warnings of a run's roles. */
export class Warnings {
  readonly #seen = new Set<string>();

  /** The new warnings of an event. */
  newIn(event: CoordinatorEvent): readonly RoleWarning[] {
    return event.kind === 'progress' ? this.newOf(event.name, event.figures) : [];
  }

  /** The new warnings in a role's figures. */
  newOf(name: string, figures: Figures): readonly RoleWarning[] {
    const texts = (figures.words['warnings'] ?? '').split('\n').filter((text) => text !== '');
    return texts.flatMap((text) => {
      if (this.#seen.has(`${name} ${text}`)) return [];
      this.#seen.add(`${name} ${text}`);
      return [{ name, text }];
    });
  }
}
/** Maximum characters of a trouble text, because a Status contains those of all roles. */
export const LONGEST_TROUBLE = 500;

export interface CacheView {
  readonly endpoint: string;
  readonly identity: string;
  readonly stored: number;
  readonly rowsAhead: number;
  readonly teachersAlive: number;
  readonly tokensPerSecond: number;
  /** Fetched rows whose labels were stored, and those that had to wait. */
  readonly hits: number;
  readonly misses: number;
}

export function cacheFigures(view: CacheView): Figures {
  const { endpoint, identity, ...numbers } = view;
  return { numbers, words: { endpoint, identity } };
}

export interface TeacherView {
  readonly tokensPerSecond: number;
  readonly busySeconds: number;
  readonly rows: number;
}

export function teacherFigures(view: TeacherView): Figures {
  return { numbers: { ...view }, words: {} };
}

const STUDENT = 'student-';

/** Folds the coordinator's events into snapshots. */
export class SnapshotKeeper {
  #ranks: number;
  readonly #figures = new Map<string, Figures>();
  #waiting: Snapshot['waiting'];

  constructor(ranks: number) {
    this.#ranks = ranks;
  }

  /** Set the roles that the coordinator waits for; undefined for none. */
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
    // Each cache server counts all teachers, launched or attached by hand, so the maximum is their number.
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

  /** The figures of the lowest rank that has reported. */
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
    ...given(numbers, OPTIONAL),
    tokensPerSecond: number('tokensPerSecond'),
    ringShare: number('ringShare'),
    waitShare: number('waitShare'),
    secondsLeft: number('secondsLeft'),
    ...(words['waitsFor'] === LABELS && { waitsFor: LABELS }),
  };
}

/** Numbers of a student that are absent where they are unknown. */
const OPTIONAL = [
  ...DIAGNOSTICS,
  'teacherParts',
  'teacherPartsLeft',
  'teacherLeftStep',
  'validationLoss',
  'validationStep',
  'secondsElapsed',
  'plainRows',
] as const;

function given<K extends string>(numbers: Figures['numbers'], names: readonly K[]): { [N in K]?: number } {
  const known = names.filter((name) => numbers[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, numbers[name]])) as { [N in K]?: number };
}
