/** Places that are no targets for moves. `until_ms` null: until it is lifted. */
export const ISOLATION_SCHEMA = `
create table if not exists isolation (
  place text primary key,
  kind text not null,
  reason text not null,
  source text not null,
  since_ms bigint not null,
  until_ms bigint,
  workflow_id text not null
);
`;
