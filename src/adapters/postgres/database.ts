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
    /** Generated from the entry, to be searched by. */
    readonly actor: Generated<string | null>;
    readonly service: Generated<string | null>;
    readonly outcome: Generated<string | null>;
  };
  notification_cursor: { channel: string; seq: string };
  notification: { channel: string; key: string; body: string; state: string; attempts: Generated<number>; queued_at_ms: string; due_at_ms: string; error: Generated<string | null> };
  /** `body` is what waits; the secret itself is kept nowhere. */
  approval_link: { secret_sha256: string; body: string; channel: string; until_ms: string; spent: Generated<boolean> };
  audit_checkpoint: { seq: string; hash: string; at_ms: string; key_id: string; signature: string };
  forecast: {
    id: string;
    digest: string;
    subject: string;
    metric: string;
    issued_at_ms: string;
    horizon_ms: string;
    body: string;
    pool: Generated<string>;
  };
  forecast_score: {
    forecast_id: string;
    horizon_ms: string;
    pool: string;
    subject: string;
    metric: string;
    model: string;
    issued_at_ms: string;
    steps: number;
    loss: number | null;
    reference_loss: number | null;
    log_ratio: number | null;
    absolute_error: number | null;
    bias: number | null;
    covered80: number | null;
    covered90: number | null;
    peak_held: boolean | null;
  };
  autonomy_mode: { pool: string; number: number; mode: string; since_ms: string; since_seq: string; reasons: string };
  autonomy_cap: { pool: string; mode: string; reason: string; actor: string; at_ms: string };
  isolation: { place: string; kind: string; reason: string; source: string; since_ms: string; until_ms: string | null; workflow_id: string };
  workload_tag: { resource: string; key: string; source: string; value: string; confidence: number; reason: string; at_ms: string };
  forecast_calibration: { subject: string; metric: string; model: string; horizon_ms: string; state: string; updated_at_ms: string };
  fleet_plan: { id: string; fleet: string; at_ms: string; hash: string; moves: Generated<number>; body: string };
  tick_shard: { tick_id: string; shard: number; at_ms: string; facts: string; weighed: string | null };
  tick_pools: { tick_id: string; at_ms: string; pools: string };
  /** `due_at_ms` is of the next act; null where none is left. */
  trigger_memory: { subject: string; memory: string; version: number; due_at_ms: string | null; written_at_ms: string };
  model_champion: { pool: string; model: string; settings: string; since_ms: string; reason: string };
  model_weights: { id: string; body: string };
  model_candidate: { id: string; pool: string; model: string; settings: string; made_at_ms: string; relative_loss: number | null };
  model_backtest: { id: string; pool: string; made_at_ms: string; body: string };
  shadow_profile: { name: string; version: number; made_at_ms: string; digest: string; profile: string; model: string };
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
  // Nor must one that is in use: its statement fails, and whoever asked hears of it; the pool listens to idle ones only.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
