import { Kysely, PostgresDialect } from 'kysely';
import type { Generated } from 'kysely';
import { Pool } from 'pg';

/** Rows as they stand in the database. Times are milliseconds since 1970. */
export interface Tables {
  audit: {
    seq: string;
    key: string;
    /** The entry in canonical JSON: what the hash is over. */
    entry: string;
    previous_hash: string;
    hash: string;
    kind: string;
    workflow_id: string;
    instance_id: string | null;
    at_ms: string;
  };
  forecast: {
    id: string;
    digest: string;
    subject: string;
    metric: string;
    issued_at_ms: string;
    horizon_ms: string;
    body: string;
  };
  metric_series: {
    id: Generated<number>;
    resource: string;
    metric: string;
    step_ms: number;
    /** The earliest time that the source was asked about. */
    asked_from_ms: string;
    last_at_ms: string | null;
  };
  /** `day` counts from 1970 in UTC. */
  metric_day: { series_id: number; day: number; block: Buffer };
  schema_version: { id: Generated<number>; version: number };
}

export type Database = Kysely<Tables>;

/** A small pool: the embedded database answers one statement at a time anyway. */
export function openDatabase(url: string): Database {
  const pool = new Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 10_000, idleTimeoutMillis: 30_000 });
  // An idle connection that breaks must not end the process; the next statement opens a new one.
  pool.on('error', () => undefined);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
