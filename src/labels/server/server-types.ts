import type { BrineError } from '../../base/errors.ts';
import type { Transport } from '../../transport/transport.ts';
import type { LabelIdentity } from '../identity.ts';
import type { Demand } from './lease-book.ts';
import type { LabelStats } from '../protocol/message-parts.ts';
import type { ModelFile, PeerRole } from '../protocol/messages.ts';
import type { LabelStore } from '../store/store.ts';

/** The rows to label: what the cache needs of a token set. */
export interface TokenRows {
  readonly rows: number;
  /** T + 1 ids of each row. */
  readonly rowLength: number;
  readonly vocabularySize: number;
  read(row: number): Uint32Array;
}

/** The files of the teacher's model, served to teachers without them. */
export interface ModelSource {
  readonly files: readonly ModelFile[];
  /**
   * Reads bytes offset … offset + length - 1 of a file, fewer at its end. Throws BAD_ARGUMENT for
   * other files or offsets.
   */
  read(chunk: { name: string; offset: number; length: number }): Promise<Uint8Array>;
}

export interface LabelServerOptions {
  readonly transport: Transport;
  readonly endpoint: string;
  /** Owned by the caller. It must outlive the server. */
  readonly store: LabelStore;
  readonly identity: LabelIdentity;
  readonly tokens: TokenRows;
  /** The rows that students will request, in order. Without it, nothing is drawn ahead. */
  readonly demand?: Demand;
  /** Serves a replay: the server refuses teachers, and missing labels are errors at once. */
  readonly replay?: boolean;
  /** Most rows that teachers may be ahead of the students. Default 1024. */
  readonly aheadRows?: number;
  /** The partition of this server, and the number of partitions. Default 0 of 1. */
  readonly partition?: number;
  readonly partitions?: number;
  readonly model?: ModelSource | undefined;
  /** Validity of a lease while its teacher's throughput is unknown. Default 60,000. */
  readonly leaseMs?: number;
  /** Silence after which a teacher counts as lost. Default 10,000. */
  readonly aliveMs?: number;
  readonly observe?: (event: LabelEvent) => void;
}

/** An event of the cache, for progress and logs. */
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
  /**
   * Rejects with FILE_UNWRITABLE when the store cannot write records, since teachers would draw in
   * vain. Never resolves.
   */
  readonly failed: Promise<never>;
  stats(): LabelStats;
  /** Sets the endpoints of all partitions, in order, for peers that connect from now on. */
  announce(endpoints: readonly string[]): void;
  /** Commits pending records, says Bye to all peers and closes the socket. */
  close(): Promise<void>;
  /** Like close, without Bye: peers wait for a successor at the same address. */
  leave(): Promise<void>;
}
