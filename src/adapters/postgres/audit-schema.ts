export const GENESIS_HASH = '0'.repeat(64);

/** A search index holds 1 MB of words for a record, and refuses the record beyond: what comes later in it is kept, and not found by words. */
const WORDS_FROM_CHARACTERS = 100_000;

/**
 * The audit is appended by one function in one statement: it takes the chain's lock, finds the record of the same key if
 * there is one, and otherwise links the new record to the last. Rows can be neither changed nor removed by SQL of ours:
 * triggers refuse both, and a truncate.
 *
 * What records are searched by beside that is generated from the entry, so that it cannot tell anything else.
 */
export const AUDIT_SCHEMA = `
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
create or replace function audit_field(p_entry text, variadic p_path text[]) returns text language plpgsql immutable as $body$
begin
  -- Postgres knows no NUL in a text.
  return replace(p_entry, '\\u0000', '\\ufffd')::json #>> p_path;
exception when others then
  return null;
end
$body$;
alter table audit add column if not exists actor text generated always as (audit_field(entry, 'actor')) stored;
alter table audit add column if not exists service text generated always as (audit_field(entry, 'service')) stored;
alter table audit add column if not exists outcome text generated always as (
  case when kind = 'outcome' then coalesce(audit_field(entry, 'detail', 'outcome'), audit_field(entry, 'detail', 'kind')) end) stored;
alter table audit add column if not exists words tsvector generated always as (
  to_tsvector('simple'::regconfig, left(coalesce(audit_field(entry, 'summary'), '') || ' ' || coalesce(audit_field(entry, 'reason'), ''), ${WORDS_FROM_CHARACTERS}))) stored;
create index if not exists audit_kind on audit (kind, at_ms, seq);
create index if not exists audit_actor on audit (actor, at_ms, seq);
create index if not exists audit_service on audit (service, at_ms, seq) where service is not null;
create index if not exists audit_outcome on audit (outcome, at_ms, seq) where outcome is not null;
create index if not exists audit_at on audit (at_ms, seq);
create index if not exists audit_words on audit using gin (words);
create table if not exists audit_checkpoint (
  seq bigint not null,
  hash text not null,
  at_ms bigint not null,
  key_id text not null,
  signature text not null,
  primary key (seq, key_id)
);
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
create or replace trigger audit_append_only before update or delete on audit_checkpoint for each row execute function audit_is_append_only();
create or replace trigger audit_not_truncated before truncate on audit_checkpoint for each statement execute function audit_is_append_only();
`;
