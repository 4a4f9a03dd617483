import type { Packing } from './packed/unpacking.ts';

/** Content type of a file, from its name. */
export type ContentType = 'text' | 'lines' | 'json' | 'csv' | 'parquet' | 'arrow' | 'tar';

export interface Format {
  readonly content: ContentType;
  readonly packing?: Packing;
}

const CONTENTS: Readonly<Record<string, ContentType>> = {
  jsonl: 'lines',
  ndjson: 'lines',
  jsonlines: 'lines',
  json: 'json',
  csv: 'csv',
  tsv: 'csv',
  parquet: 'parquet',
  pq: 'parquet',
  arrow: 'arrow',
  feather: 'arrow',
  tar: 'tar',
};

const PACKINGS: Readonly<Record<string, Packing>> = {
  gz: 'gz',
  gzip: 'gz',
  zst: 'zst',
  zstd: 'zst',
  bz2: 'bz2',
  xz: 'xz',
};

/** Short endings of compressed tar files. */
const SHORT: Readonly<Record<string, Packing>> = {
  tgz: 'gz',
  tzst: 'zst',
  tbz2: 'bz2',
  tbz: 'bz2',
  txz: 'xz',
};

/** Format from the case-insensitive endings of a name. Files with unknown endings are text. */
export function formatOf(name: string): Format {
  const parts = (name.split('/').at(-1) ?? name).toLowerCase().split('.');
  const last = parts.length > 1 ? parts.pop()! : '';
  const short = SHORT[last];
  if (short) return { content: 'tar', packing: short };
  const packing = PACKINGS[last];
  const inner = packing === undefined ? last : parts.length > 1 ? parts.pop()! : '';
  const content = CONTENTS[inner] ?? 'text';
  return packing === undefined ? { content } : { content, packing };
}
