/** Which model forecasts which pool, what tuning found, the weights of gates that were trained further, and the backtests that decided. Settings and bodies are JSON. */
export const MODEL_SCHEMA = `
create table if not exists model_champion (
  pool text primary key,
  model text not null,
  settings text not null,
  since_ms bigint not null,
  reason text not null
);
create table if not exists model_candidate (
  id text primary key,
  pool text not null,
  model text not null,
  settings text not null,
  made_at_ms bigint not null,
  relative_loss double precision
);
alter table model_candidate alter column relative_loss drop not null;
create table if not exists model_weights (
  id text primary key,
  body text not null
);
create table if not exists model_backtest (
  id text primary key,
  pool text not null,
  made_at_ms bigint not null,
  body text not null
);
`;
