/** What an attached teacher does, as `attachTeacher` reports it. */
export type TeachEvent =
  /** It fetches the model from the cache; the figures are in bytes. */
  | { readonly kind: 'fetching'; readonly fetched: number; readonly bytes: number }
  /** The cache knows its model, and its engines start. */
  | {
      readonly kind: 'connected';
      /** Folder of the model. */
      readonly model: string;
      readonly engines: number;
      readonly caches: readonly string[];
    }
  /** Rows whose labels the cache has acknowledged, and the throughput of all engines together. */
  | { readonly kind: 'progress'; readonly rows: number; readonly tokensPerSecond: number };

/** Result of an attached teacher. */
export interface AttachReport {
  readonly rows: number;
  readonly tokens: number;
  readonly seconds: number;
  /** Seconds to the first acknowledged lease; null without one. */
  readonly secondsToFirst: number | null;
}
