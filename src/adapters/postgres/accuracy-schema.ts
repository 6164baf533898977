/** Scores of past forecasts, one row for each forecast and horizon; `steps` is 0 where too little was seen to score. */
export const ACCURACY_SCHEMA = `
alter table forecast add column if not exists pool text not null default 'unknown';
create index if not exists forecast_issued on forecast (issued_at_ms);
create table if not exists forecast_score (
  forecast_id text not null,
  horizon_ms bigint not null,
  pool text not null,
  subject text not null,
  metric text not null,
  model text not null,
  issued_at_ms bigint not null,
  steps integer not null,
  loss double precision,
  reference_loss double precision,
  log_ratio double precision,
  absolute_error double precision,
  bias double precision,
  covered80 double precision,
  covered90 double precision,
  peak_held boolean,
  primary key (forecast_id, horizon_ms)
);
create index if not exists forecast_score_pool on forecast_score (pool, issued_at_ms);
`;
