import { ByteWriter, ParquetWriter, type ColumnSource } from 'hyparquet-writer';
import type { SchemaElement } from 'hyparquet';
import { fillFileWhole } from '../base/files/files.ts';

/** A column of a parquet file. Any value may be null. */
export interface ParquetColumn {
  readonly name: string;
  /** INT64 takes bigints. */
  readonly type: 'INT32' | 'INT64' | 'FLOAT';
  /** Whether values are arrays of such numbers. */
  readonly list?: boolean;
}

export interface ParquetContent {
  readonly columns: readonly ParquetColumn[];
  /** Key-value metadata of the file. */
  readonly metadata: Readonly<Record<string, string>>;
}

type Cell = number | bigint | readonly number[] | null;

/** Writes one row group from the values of each column, in column order. */
export type WriteGroup = (columns: readonly (readonly Cell[])[]) => Promise<void>;

/**
 * Writes a parquet file atomically (with fillFileWhole), one row group at a time; memory is bounded by
 * the largest one. Throws FILE_UNWRITABLE, and everything `fill` throws.
 */
export function writeParquet(
  path: string,
  { columns, metadata }: ParquetContent,
  fill: (write: WriteGroup) => Promise<void>,
): Promise<void> {
  return fillFileWhole(path, async (file) => {
    const bytes = new ByteWriter();
    const flush = async (): Promise<void> => {
      await file.writeFile(new Uint8Array(bytes.buffer, 0, bytes.index));
      bytes.index = 0;
    };
    const sink = Object.assign(bytes, { flush, finish: flush });
    const kvMetadata = Object.entries(metadata).map(([key, value]) => ({ key, value }));
    const writer = new ParquetWriter({
      writer: sink,
      schema: schemaOf(columns),
      kvMetadata,
      createdBy: 'brine',
    });
    await fill(async (values) => {
      const columnData = columns.map(({ name, list = false }, i): ColumnSource => {
        return { name, data: values[i] as Cell[], offsetIndex: false, statistics: !list };
      });
      await writer.write({ columnData, rowGroupSize: Math.max(1, values[0]?.length ?? 0) });
    });
    await writer.finish();
  });
}

/** The schema. Lists have the three levels that the format's LogicalTypes.md requires. */
function schemaOf(columns: readonly ParquetColumn[]): SchemaElement[] {
  const root: SchemaElement = { name: 'root', num_children: columns.length };
  return [
    root,
    ...columns.flatMap(({ name, type, list = false }): SchemaElement[] => {
      if (!list) return [{ name, type, repetition_type: 'OPTIONAL' }];
      return [
        {
          name,
          repetition_type: 'OPTIONAL',
          num_children: 1,
          converted_type: 'LIST',
          logical_type: { type: 'LIST' },
        },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type, repetition_type: 'REQUIRED' },
      ];
    }),
  ];
}
