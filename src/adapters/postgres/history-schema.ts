/**
 * The metric history: one row for each series and day. A row holds the day's values packed (day-block.ts); `storage main` keeps it in the table's own
 * pages, of which it never needs more than a quarter. No foreign key: both tables change under one lock, and a check of each of 30,000 rows costs more than it finds.
 */
export const HISTORY_SCHEMA = `
create table if not exists metric_series (
  id integer generated always as identity primary key,
  resource text not null,
  metric text not null,
  step_ms integer not null,
  asked_from_ms bigint not null,
  last_at_ms bigint,
  unique (resource, metric, step_ms)
);
create table if not exists metric_day (
  series_id integer not null,
  day integer not null,
  block bytea not null,
  primary key (series_id, day)
);
alter table metric_day alter column block set storage main;
alter table metric_day set (autovacuum_vacuum_scale_factor = 0.05);
`;
