/** What was learned of the width of each series' forecasts; `state` is JSON. */
export const CALIBRATION_SCHEMA = `
create table if not exists forecast_calibration (
  subject text not null,
  metric text not null,
  model text not null,
  horizon_ms bigint not null,
  state text not null,
  updated_at_ms bigint not null,
  primary key (subject, metric, model, horizon_ms)
);
`;
