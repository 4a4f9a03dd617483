import type { BrineError } from '../../base/errors.ts';
import type { Transport } from '../../transport/transport.ts';
import type { LabelIdentity } from '../identity.ts';
import type { Demand } from './lease-book.ts';
import type { LabelStats } from '../protocol/message-parts.ts';
import type { ModelFile, PeerRole } from '../protocol/messages.ts';
import type { LabelStore } from '../store/store.ts';

/** The rows that labels are for: what the cache needs of a token set. */
export interface TokenRows {
  readonly rows: number;
  /** T + 1 ids. */
  readonly rowLength: number;
  readonly vocabularySize: number;
  read(row: number): Uint32Array;
}

/** The files of the teacher's model, for teachers that have not got it. */
export interface ModelSource {
  readonly files: readonly ModelFile[];
  /** Bytes offset … offset + length - 1 of a file, fewer at its end. Throws BAD_ARGUMENT for what is not among the files. */
  read(part: { name: string; offset: number; length: number }): Promise<Uint8Array>;
}

export interface LabelServerOptions {
  readonly transport: Transport;
  readonly endpoint: string;
  /** Belongs to the caller, and outlives the server. */
  readonly store: LabelStore;
  readonly identity: LabelIdentity;
  readonly tokens: TokenRows;
  /** What students will ask for, in their order. Nothing is drawn ahead without it. */
  readonly demand?: Demand;
  /** The cache is only read: teachers are refused, and a missing label is an error at once. */
  readonly replay?: boolean;
  /** How many rows teachers may be ahead of the students. Default 1024. */
  readonly aheadRows?: number;
  /** Which of how many servers this one is that share the run's rows. Default 0 of 1. */
  readonly part?: number;
  readonly parts?: number;
  readonly model?: ModelSource | undefined;
  /** After how long a lease is given to another teacher, as long as its own throughput is not known. Default 60,000. */
  readonly leaseMs?: number;
  /** After how long a silent teacher counts as lost. Default 10,000. */
  readonly aliveMs?: number;
  readonly observe?: (event: LabelEvent) => void;
}

/** What happens at the cache, for progress and logs. */
export type LabelEvent =
  | {
      readonly kind: 'joined' | 'left' | 'lost';
      readonly role: PeerRole;
      readonly peer: string;
      readonly teachers: number;
    }
  | { readonly kind: 'refused'; readonly role: PeerRole; readonly peer: string; readonly error: BrineError }
  | { readonly kind: 'expired'; readonly peer: string; readonly lease: number; readonly rows: number }
  | { readonly kind: 'filled'; readonly stored: number }
  | { readonly kind: 'fault'; readonly peer: string; readonly error: BrineError };

export interface LabelServer {
  readonly endpoint: string;
  /** Rejects with FILE_UNWRITABLE when the store takes no more records, and never resolves: teachers would draw in vain. */
  readonly failed: Promise<never>;
  stats(): LabelStats;
  /** Where all parts are served, in their order: peers that come from now on are told. */
  announce(endpoints: readonly string[]): void;
  /** Says Bye to all peers and closes the socket; records that are being stored are stored first. */
  close(): Promise<void>;
  /** As close, but says nothing: peers wait for a successor at the same address. */
  leave(): Promise<void>;
}
