/** What ticks saw, shard by shard, and the plans that came of it. Facts, weighed instances and bodies are JSON. */
export const PLAN_SCHEMA = `
create table if not exists tick_shard (
  tick_id text not null,
  shard integer not null,
  at_ms bigint not null,
  facts text not null,
  weighed text,
  primary key (tick_id, shard)
);
create index if not exists tick_shard_at on tick_shard (at_ms);
create table if not exists tick_pools (
  tick_id text primary key,
  at_ms bigint not null,
  pools text not null
);
create table if not exists fleet_plan (
  id text primary key,
  fleet text not null,
  at_ms bigint not null,
  hash text not null,
  moves integer not null,
  body text not null
);
alter table fleet_plan add column if not exists moves integer not null default 1;
create index if not exists fleet_plan_fleet on fleet_plan (fleet, at_ms);
`;
