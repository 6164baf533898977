import type { ChunkTable } from '../chunks/chunk-table';

/** A table with what it is the table of. */
export interface SentTable {
  readonly table: ChunkTable;
  readonly bytes: number;
}
