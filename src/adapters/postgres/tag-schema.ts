/** Tags of workloads by users and by measured use. */
export const TAG_SCHEMA = `
create table if not exists workload_tag (
  resource text not null,
  key text not null,
  source text not null,
  value text not null,
  confidence double precision not null,
  reason text not null,
  at_ms bigint not null,
  primary key (resource, key, source)
);
`;
