import type { Figures } from './messages.ts';

/** What a coordinator tells of the run that it leads. */
export type CoordinatorEvent =
  | { readonly kind: 'opened'; readonly endpoint: string }
  | { readonly kind: 'joined'; readonly name: string; readonly pid: number }
  /** All students begin after that step. */
  | { readonly kind: 'started'; readonly ranks: number; readonly step: number }
  /** The run goes on under this coordinator, after another's death, with those of its processes that live. */
  | { readonly kind: 'succeeded'; readonly adopted: number; readonly missing: readonly string[] }
  /** A process was lost, and another was started in its place. */
  | { readonly kind: 'replaced'; readonly name: string; readonly why: string }
  /** A process was lost for good, and the run goes on without it. */
  | { readonly kind: 'dropped'; readonly name: string; readonly why: string }
  /** The students go on on a new ring. */
  | {
      readonly kind: 'ringFormed';
      readonly generation: number;
      readonly step: number;
      readonly ranks: number;
      readonly seconds: number;
    }
  | { readonly kind: 'progress'; readonly name: string; readonly figures: Figures };

/** The results of every role by its name. */
export type RunResults = ReadonlyMap<string, Figures>;
