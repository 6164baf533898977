/** Changes of pools' modes, the newest number the present one, with the last audit record that was looked at; and what operators cap them at. */
export const AUTONOMY_SCHEMA = `
create table if not exists autonomy_mode (
  pool text not null,
  number integer not null,
  mode text not null,
  since_ms bigint not null,
  since_seq bigint not null,
  reasons text not null,
  primary key (pool, number)
);
create table if not exists autonomy_cap (
  pool text primary key,
  mode text not null,
  reason text not null,
  actor text not null,
  at_ms bigint not null
);
`;
