import { storeClosed, type LabelStore } from './store.ts';

/** An in-memory implementation of LabelStore, without durability. `records` may be those of a closed store. */
export function memoryStore(records = new Map<number, Uint8Array>()): LabelStore {
  let open = true;
  const use = () => {
    if (!open) throw storeClosed();
    return records;
  };
  return {
    get: (row) => use().get(row)?.slice(),
    has: (row) => use().has(row),
    put: async (row, record) => {
      use().set(row, record.slice());
    },
    delete: async (row) => {
      use().delete(row);
    },
    count: () => use().size,
    rows: (first = 0) =>
      Array.from(use().keys())
        .filter((row) => row >= first)
        .toSorted((a, b) => a - b),
    close: async () => {
      open = false;
    },
  };
}
