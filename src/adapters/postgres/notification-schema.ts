/** How far each channel has read the audit, and what it has still to deliver or has delivered. */
export const NOTIFICATION_SCHEMA = `
create table if not exists notification_cursor (
  channel text primary key,
  seq bigint not null
);
create table if not exists notification (
  channel text not null,
  key text not null,
  body text not null,
  state text not null,
  attempts integer not null default 0,
  queued_at_ms bigint not null,
  due_at_ms bigint not null,
  error text,
  primary key (channel, key)
);
create table if not exists approval_link (
  secret_sha256 text primary key,
  body text not null,
  channel text not null,
  until_ms bigint not null,
  spent boolean not null default false
);
create index if not exists notification_due on notification (due_at_ms) where state = 'waiting';
`;
