import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '..', '..', '..', 'src', 'adapters', 'postgres');
/** What the version before reads or writes would be gone, have another name, or be refused. */
const NARROWING = /\bdrop\s+(?:table|column|index|constraint|type)\b|\brename\b|\bset\s+not\s+null\b|\balter\s+column\s+\w+\s+(?:set\s+data\s+)?type\b|\badd\s+column\b(?![^;]*\bdefault\b)[^;]*\bnot\s+null\b|\badd\s+(?:constraint|unique|check)\b/i;

describe('the statements by which a new version changes the database', () => {
  const schemas = readdirSync(FOLDER).filter((name) => /schema\.ts$/.test(name));

  it.each(schemas)('leave what the version before reads and writes: %s', (name) => {
    expect(NARROWING.exec(readFileSync(join(FOLDER, name), 'utf8'))?.[0] ?? null).toBeNull();
  });

  it.each(['alter table plan drop column body', 'alter table plan rename to plans', 'alter table plan alter column body set not null', 'alter table plan alter column body type jsonb', 'alter table plan add column owner text not null', 'alter table plan add constraint one check (a > 0)'])('would be refused: %s', (statement) => {
    expect(statement).toMatch(NARROWING);
  });

  it.each(['alter table plan add column owner text', "alter table plan add column owner text not null default ''", 'alter table plan alter column body drop not null', 'create table if not exists plan (id text primary key, body text not null)'])('would not: %s', (statement) => {
    expect(statement).not.toMatch(NARROWING);
  });
});
