/** Shadow profiles by name and version: what is shown of one, and the model that forecasts are made of. Both are JSON. */
export const PROFILE_SCHEMA = `
create table if not exists shadow_profile (
  name text not null,
  version integer not null,
  made_at_ms bigint not null,
  digest text not null,
  profile text not null,
  model text not null,
  primary key (name, version)
);
`;
