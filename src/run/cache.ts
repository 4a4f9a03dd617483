import { identityHash, ruleText } from '../labels/identity.ts';
import { openRecord } from '../labels/header.ts';
import { openLmdbStore, readStoreIdentity } from '../labels/lmdb.ts';
import { decodeRecord } from '../labels/record.ts';
import type { LabelStore } from '../labels/store.ts';

/** What a label cache holds, and whether it is whole. */
export interface CacheStats {
  readonly folder: string;
  readonly identity: string;
  readonly tokenizer: string;
  readonly data: string;
  readonly teacher: string;
  readonly rule: string;
  readonly rows: number;
  readonly bytes: number;
  readonly positions: number;
  readonly bytesPerToken: number;
  readonly text: string;
}

/** Throws FILE_MISSING, FILE_DAMAGED, LABEL_DAMAGED. */
export function cacheStats(folder: string): Promise<CacheStats> {
  return withStore(folder, async (store, identity) => {
    let bytes = 0;
    let positions = 0;
    for (const row of store.rows()) {
      const record = store.get(row);
      if (!record) continue;
      bytes += record.length;
      positions += openRecord(record).header.positions;
    }
    const rows = store.count();
    const { tokenizer, data, teacher } = identity;
    const rule = ruleText(identity.rule);
    const bytesPerToken = positions > 0 ? bytes / positions : 0;
    const text = [
      `labels     ${identityHash(identity)}`,
      `tokenizer  ${tokenizer}`,
      `data       ${data}`,
      `teacher    ${teacher}`,
      `rule       ${rule}`,
      `rows       ${rows} of ${positions} positions, ${(bytes / 1e6).toFixed(1)} MB, ${bytesPerToken.toFixed(1)} bytes a token`,
    ].join('\n');
    return {
      folder,
      identity: identityHash(identity),
      tokenizer,
      data,
      teacher,
      rule,
      rows,
      bytes,
      positions,
      bytesPerToken,
      text,
    };
  });
}

/** Decodes every record. Throws as cacheStats, naming the row of the first record that is not whole. */
export function cacheVerify(
  folder: string,
  observe: (text: string) => void,
): Promise<{ rows: number; positions: number }> {
  return withStore(folder, async (store, identity) => {
    const hash = identityHash(identity);
    let rows = 0;
    let positions = 0;
    for (const row of store.rows()) {
      const record = store.get(row);
      if (!record) continue;
      const { tokenHash } = openRecord(record).header;
      positions += decodeRecord(record, { row, identity: hash, tokenHash }).positions;
      rows += 1;
      if (rows % 256 === 0) observe(`${rows} of ${store.count()} rows`);
    }
    return { rows, positions };
  });
}

async function withStore<T>(
  folder: string,
  work: (store: LabelStore, identity: Awaited<ReturnType<typeof readStoreIdentity>>) => Promise<T>,
): Promise<T> {
  const identity = await readStoreIdentity(folder);
  const store = await openLmdbStore(folder, { identity, readOnly: true });
  try {
    return await work(store, identity);
  } finally {
    await store.close();
  }
}
