import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuditLog } from '../../src/adapters/postgres/audit-log';
import { ensureSchema } from '../../src/adapters/postgres/schema';
import { EmbeddedDatabase } from '../adapters/postgres/embedded-database';

const PROGRAM = join(__dirname, '../../bin/foreshift.js');

describe('foreshift audit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-cli-'));
  const file = (name: string): string => join(folder, name);
  let database: EmbeddedDatabase;

  beforeAll(async () => {
    database = await EmbeddedDatabase.start();
    const db = database.connect();
    await ensureSchema(db);
    for (const [i, reason] of ['=HYPERLINK("http://evil")', 'two\nlines, "quoted"', null].entries()) {
      await createAuditLog(db).append({ key: `k${i}`, kind: 'act', atMs: 1_700_000_000_000 + i, actor: 'anna', workflowId: 'migration/i-1', runId: 'r', instanceId: 'i-1', service: 'shop', summary: `did ${i}`, reason, detail: { i } });
    }
  }, 120_000);
  afterAll(async () => {
    await database.stop();
    rmSync(folder, { recursive: true });
  });

  const audit = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [PROGRAM, 'audit', ...args], { cwd: folder, env: { PATH: process.env['PATH'], FORESHIFT_HOME: folder, TEMPORAL_ADDRESS: '127.0.0.1:1', DATABASE_URL: database.url, ...env } }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });

  it('exports as a table that no spreadsheet takes for formulas, and as columns that query engines read', async () => {
    const { out } = await audit(['export', '--format', 'csv', '--actor', 'anna']);
    const [head, first] = out.split('\n');
    expect(head).toBe('seq,at,kind,actor,workflowId,runId,instanceId,service,summary,reason,detail,key,previousHash,hash');
    expect(first).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(out).toContain('"two\nlines, ""quoted"""');
    expect(await audit(['export', '--format', 'parquet'])).toMatchObject({ code: 2, err: expect.stringContaining('--out is missing') as unknown });
    expect(await audit(['export', '--format', 'parquet', '--out', 'a.parquet'])).toMatchObject({ code: 0, err: '3 records in a.parquet\n' });
    const bytes = readFileSync(file('a.parquet'));
    expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
  });

  it('verifies an export without the database, and finds the line that was changed', async () => {
    expect(await audit(['export', '--out', 'a.jsonl'])).toMatchObject({ code: 0, err: '3 records in a.jsonl\n' });
    expect(await audit(['verify', '--file', 'a.jsonl'])).toMatchObject({ code: 0, out: expect.stringContaining('3 records, chain verified') as unknown });
    writeFileSync(file('b.jsonl'), readFileSync(file('a.jsonl'), 'utf8').replace('did 1', 'did nothing'));
    expect(await audit(['verify', '--file', 'b.jsonl'])).toMatchObject({ code: 1, out: 'record 2 was changed\n' });
    writeFileSync(file('c.jsonl'), 'no json\n');
    expect(await audit(['verify', '--file', 'c.jsonl'])).toMatchObject({ code: 1, err: 'foreshift: c.jsonl, line 1: expected JSON with seq and hash\n' });
  });

  it('signs by a key of its own, and shows by a checkpoint that was kept that an export has lost its end', async () => {
    expect((await audit(['key', '--out', 'audit.pem'])).out).toContain('audit.pem.pub');
    expect(await audit(['key', '--out', 'audit.pem'])).toMatchObject({ code: 1, err: expect.stringContaining('EEXIST') as unknown });
    const { out: checkpoint } = await audit(['checkpoint'], { FORESHIFT_AUDIT_KEY: 'audit.pem' });
    writeFileSync(file('kept.jsonl'), checkpoint);
    expect((await audit(['checkpoint'], { FORESHIFT_AUDIT_KEY: 'audit.pem' })).out).toBe('');
    expect(await audit(['verify', '--public-key', 'audit.pem.pub'])).toMatchObject({ code: 0, out: expect.stringContaining('signed up to record 3 by 1 checkpoints') as unknown });
    writeFileSync(file('d.jsonl'), readFileSync(file('a.jsonl'), 'utf8').split('\n').slice(0, 2).join('\n'));
    const cut = await audit(['verify', '--file', 'd.jsonl', '--public-key', 'audit.pem.pub', '--checkpoints', 'kept.jsonl']);
    expect(cut).toMatchObject({ code: 1, out: 'the records from 3 to 3 are missing: the last of them was signed\n' });
    expect(await audit(['verify', '--checkpoints', 'kept.jsonl'])).toMatchObject({ code: 2, err: expect.stringContaining('--public-key is missing') as unknown });
  });
});
