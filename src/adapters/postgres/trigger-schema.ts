/** What is remembered of each alarm or event: one row of JSON, written only from the version that was read. */
export const TRIGGER_SCHEMA = `
create table if not exists trigger_memory (
  subject text primary key,
  memory text not null,
  version integer not null,
  due_at_ms bigint,
  written_at_ms bigint not null
);
create index if not exists trigger_memory_due on trigger_memory (due_at_ms) where due_at_ms is not null;
`;
