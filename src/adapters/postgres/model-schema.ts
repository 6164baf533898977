/** Which model forecasts which pool, what tuning found, and the backtests that decided. Settings and bodies are JSON. */
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
  relative_loss double precision not null
);
create table if not exists model_backtest (
  id text primary key,
  pool text not null,
  made_at_ms bigint not null,
  body text not null
);
`;
