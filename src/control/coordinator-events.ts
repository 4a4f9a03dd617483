import type { Figures } from './figures.ts';

/** Events of a run, reported by its coordinator. */
export type CoordinatorEvent =
  | { readonly kind: 'opened'; readonly endpoint: string }
  | { readonly kind: 'joined'; readonly name: string; readonly pid: number }
  /** All students continue after this step. */
  | { readonly kind: 'started'; readonly ranks: number; readonly step: number }
  /** Failover: this coordinator took over the run and its live processes from a dead one. */
  | { readonly kind: 'succeeded'; readonly adopted: number; readonly missing: readonly string[] }
  /** A process exited, and a new one was started in its place. */
  | { readonly kind: 'replaced'; readonly name: string; readonly why: string }
  /** A process exited, and the run continues without it. */
  | { readonly kind: 'dropped'; readonly name: string; readonly why: string }
  /** The students continue on a new ring. */
  | {
      readonly kind: 'ringFormed';
      readonly generation: number;
      readonly step: number;
      readonly ranks: number;
      readonly seconds: number;
    }
  | { readonly kind: 'progress'; readonly name: string; readonly figures: Figures };

/** The results of all roles, by name. */
export type RunResults = ReadonlyMap<string, Figures>;
