import { sql } from 'kysely';
import { ACCURACY_SCHEMA } from './accuracy-schema';
import { CALIBRATION_SCHEMA } from './calibration-schema';
import type { Database } from './database';
import { HISTORY_SCHEMA } from './history-schema';
import { ISOLATION_SCHEMA } from './isolation-schema';
import { MODEL_SCHEMA } from './model-schema';
import { PLAN_SCHEMA } from './plan-schema';
import { PROFILE_SCHEMA } from './profile-schema';
import { TAG_SCHEMA } from './tag-schema';

const GENESIS_HASH = '0'.repeat(64);

/**
 * Creates what is missing. Repeatable and safe beside another worker that starts at the same moment.
 *
 * The audit is appended by one function in one statement: it takes the chain's lock, finds the record of the same key if
 * there is one, and otherwise links the new record to the last. Rows can be neither changed nor removed by SQL of ours:
 * triggers refuse both, and a truncate.
 */
export async function ensureSchema(db: Database): Promise<void> {
  await sql
    .raw(
      `
create table if not exists audit (
  seq bigint primary key,
  key text not null unique,
  entry text not null,
  previous_hash text not null,
  hash text not null unique,
  kind text not null,
  workflow_id text not null,
  instance_id text,
  at_ms bigint not null
);
create index if not exists audit_workflow on audit (workflow_id, seq);
create index if not exists audit_instance on audit (instance_id, seq);
create table if not exists forecast (
  id text primary key,
  digest text not null,
  subject text not null,
  metric text not null,
  issued_at_ms bigint not null,
  horizon_ms bigint not null,
  body text not null
);
create index if not exists forecast_subject on forecast (subject, metric, issued_at_ms);
create or replace function audit_append(p_key text, p_entry text, p_kind text, p_workflow_id text, p_instance_id text, p_at_ms bigint)
returns table (seq bigint, hash text, fresh boolean) language plpgsql as $body$
declare
  v_seq bigint;
  v_previous text;
  v_hash text;
begin
  perform pg_advisory_xact_lock(4632750);
  select a.seq, a.hash into v_seq, v_hash from audit a where a.key = p_key;
  if found then
    return query select v_seq, v_hash, false;
    return;
  end if;
  select a.seq, a.hash into v_seq, v_previous from audit a order by a.seq desc limit 1;
  v_seq := coalesce(v_seq, 0) + 1;
  v_previous := coalesce(v_previous, '${GENESIS_HASH}');
  v_hash := encode(sha256(convert_to(v_seq || E'\\n' || v_previous || E'\\n' || p_entry, 'UTF8')), 'hex');
  insert into audit values (v_seq, p_key, p_entry, v_previous, v_hash, p_kind, p_workflow_id, p_instance_id, p_at_ms);
  return query select v_seq, v_hash, true;
end
$body$;
create or replace function audit_is_append_only() returns trigger language plpgsql as $body$
begin
  raise exception 'the audit is append-only';
end
$body$;
create or replace trigger audit_append_only before update or delete on audit for each row execute function audit_is_append_only();
create or replace trigger audit_not_truncated before truncate on audit for each statement execute function audit_is_append_only();
${ACCURACY_SCHEMA}${CALIBRATION_SCHEMA}${HISTORY_SCHEMA}${ISOLATION_SCHEMA}${MODEL_SCHEMA}${PLAN_SCHEMA}${PROFILE_SCHEMA}${TAG_SCHEMA}`,
    )
    .execute(db);
}

export { GENESIS_HASH };
