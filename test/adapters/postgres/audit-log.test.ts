import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { freePort } from '../../../infra/local/supervisor/free-port';
import { sealAudit, storedCheckpoints } from '../../../src/adapters/postgres/audit-checkpoints';
import { verifySignedAudit } from '../../../src/adapters/postgres/verify-signed-audit';
import { createAuditLog } from '../../../src/adapters/postgres/audit-log';
import { openDatabase } from '../../../src/adapters/postgres/database';
import type { Database } from '../../../src/adapters/postgres/database';
import { allRecords } from '../../../src/adapters/postgres/audit-query';
import { GENESIS_HASH } from '../../../src/adapters/postgres/audit-schema';
import { createMoveRecords } from '../../../src/adapters/postgres/move-records';
import { createRunRecords } from '../../../src/adapters/postgres/run-records';
import { ensureSchema } from '../../../src/adapters/postgres/schema';
import { readSignatureCheck, readSigner, writeSigningKey } from '../../../src/adapters/signing-key';
import { openAudit } from '../../../src/console/server/ports/open-audit';
import type { AuditEntry } from '../../../src/contracts/audit';
import { type AuditCheckpoint, checkCheckpoints } from '../../../src/domain/audit-checkpoint';
import { canonicalJson } from '../../../src/domain/canonical-json';
import { EmbeddedDatabase } from './embedded-database';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function entryOf(key: string, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    key,
    kind: 'act',
    atMs: 1_700_000_000_000,
    actor: 'worker-1',
    workflowId: 'migration/i-1',
    runId: 'run-1',
    instanceId: 'i-1',
    summary: `wrote ${key}`,
    reason: null,
    detail: { key },
    ...more,
  };
}

describe('the audit log in Postgres', () => {
  let database: EmbeddedDatabase;
  let db: Database;

  beforeAll(async () => {
    database = await EmbeddedDatabase.start();
    db = database.connect();
  }, 120_000);
  afterAll(() => database.stop());
  beforeEach(async () => {
    await sql`drop table if exists audit`.execute(db);
    await ensureSchema(db);
  });

  const log = () => createAuditLog(db);
  const write = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await log().append(entryOf(key));
  };
  /** As somebody would who owns the table: the trigger is switched off around the deed. */
  const tamper = async (deed: ReturnType<typeof sql>): Promise<void> => {
    await sql`alter table audit disable trigger user`.execute(db);
    await deed.execute(db);
    await sql`alter table audit enable trigger user`.execute(db);
  };

  describe('appending', () => {
    it('links each record to the one before it, by a hash over number, previous hash and canonical entry', async () => {
      const entries = [entryOf('a'), entryOf('b', { summary: 'Größe → 4 × xlarge 🚚', detail: { z: [1, null], a: 'é' } })];
      const receipts = [];
      for (const entry of entries) receipts.push(await log().append(entry));
      let previousHash = GENESIS_HASH;
      for (const [i, entry] of entries.entries()) {
        const hash = sha256(`${i + 1}\n${previousHash}\n${canonicalJson(entry)}`);
        expect(receipts[i]).toEqual({ seq: i + 1, hash, detailDigest: sha256(canonicalJson(entry.detail)) });
        previousHash = hash;
      }
      expect(await log().verify()).toEqual({ intact: true, records: 2, head: previousHash, problems: [] });
    });

    it('writes a repeated key once and gives the first receipt again', async () => {
      const first = await log().append(entryOf('a'));
      await write('b');
      expect(await log().append(entryOf('a'))).toEqual(first);
      expect((await log().list({ limit: 10 })).map(({ key }) => key)).toEqual(['a', 'b']);
    });

    it('keeps the first content where the key comes again with another, and its receipt is of what is kept', async () => {
      const first = await log().append(entryOf('a', { detail: { plan: 1 } }));
      expect(await log().append(entryOf('a', { detail: { plan: 2 }, summary: 'another' }))).toEqual(first);
      expect(await log().list({ limit: 10 })).toMatchObject([{ detail: { plan: 1 }, summary: 'wrote a' }]);
      expect(await log().verify()).toMatchObject({ intact: true, records: 1 });
    });

    it('makes one chain of what many clients append at once, half of them the same records', async () => {
      const logs = [0, 1, 2].map(() => createAuditLog(database.connect()));
      const keys = Array.from({ length: 20 }, (_, i) => `k${i}`);
      const receipts = await Promise.all(logs.map((one) => Promise.all(keys.map((key) => one.append(entryOf(key))))));
      expect(receipts[1]).toEqual(receipts[0]);
      expect(receipts[2]).toEqual(receipts[0]);
      expect(receipts[0]?.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(keys.map((_, i) => i + 1));
      expect(await log().verify()).toMatchObject({ intact: true, records: 20 });
      const records = await log().list({ limit: 100 });
      expect(records.map(({ previousHash }) => previousHash)).toEqual([GENESIS_HASH, ...records.slice(0, -1).map(({ hash }) => hash)]);
    });

    it('is tried again while the database is out of reach', async () => {
      const nobodyThere = openDatabase(`postgresql://postgres@127.0.0.1:${await freePort()}/postgres`);
      await expect(createAuditLog(nobodyThere).append(entryOf('a'))).rejects.toMatchObject({ type: 'Unavailable', nonRetryable: false });
      await nobodyThere.destroy();
    });
  });

  describe('listing', () => {
    beforeEach(async () => {
      await log().append(entryOf('a', { kind: 'decision' }));
      await log().append(entryOf('b', { instanceId: 'i-2', workflowId: 'migration/i-2' }));
      await log().append(entryOf('c', { instanceId: null, workflowId: 'fleet/all/tick' }));
      await log().append(entryOf('d'));
    });
    const keysOf = async (filter: object, limit = 10): Promise<string[]> => (await log().list({ limit, ...filter })).map(({ key }) => key);

    it('gives back the entry as it was written, with its place in the chain', async () => {
      const [first, second] = await log().list({ limit: 2, instanceId: 'i-1' });
      expect(first).toEqual({ ...entryOf('a', { kind: 'decision' }), seq: 1, previousHash: GENESIS_HASH, hash: first?.hash });
      expect(second).toMatchObject({ key: 'd', seq: 4 });
    });

    it('filters by workflow, instance and kind, alone and together', async () => {
      expect(await keysOf({ workflowId: 'migration/i-1' })).toEqual(['a', 'd']);
      expect(await keysOf({ instanceId: 'i-2' })).toEqual(['b']);
      expect(await keysOf({ kind: 'act' })).toEqual(['b', 'c', 'd']);
      expect(await keysOf({ instanceId: 'i-1', kind: 'act' })).toEqual(['d']);
      expect(await keysOf({ instanceId: 'i-3' })).toEqual([]);
    });

    it('filters by service, actor, outcome, time and words, and goes on where a list ended', async () => {
      const at = (minute: number): number => 1_700_000_000_000 + minute * 60_000;
      await log().append(entryOf('e', { service: 'shop', actor: 'foreshift:alarm', atMs: at(5), summary: 'entered phase ramp', reason: 'error rate too high' }));
      await log().append(entryOf('f', { service: 'shop', kind: 'outcome', atMs: at(6), summary: 'RolledBack', reason: 'the error rate of the shadow rose', detail: { kind: 'RolledBack' } }));
      await log().append(entryOf('g', { service: 'billing', kind: 'outcome', actor: 'anna', atMs: at(7), detail: { outcome: 'Completed', kind: 'move' } }));
      expect(await keysOf({ service: 'shop' })).toEqual(['e', 'f']);
      expect(await keysOf({ actor: 'anna' })).toEqual(['g']);
      expect(await keysOf({ actor: 'foreshift:alarm' })).toEqual(['e']);
      expect(await keysOf({ outcome: 'RolledBack' })).toEqual(['f']);
      expect(await keysOf({ outcome: 'Completed' })).toEqual(['g']);
      expect(await keysOf({ sinceMs: at(5), untilMs: at(7) })).toEqual(['e', 'f']);
      expect(await keysOf({ text: 'error rate' })).toEqual(['e', 'f']);
      expect(await keysOf({ text: '"rate too high"' })).toEqual(['e']);
      expect(await keysOf({ text: 'rate -shadow' })).toEqual(['e']);
      expect(await keysOf({ beforeSeq: 6 }, 2)).toEqual(['d', 'e']);
      expect(await keysOf({ afterSeq: 5 })).toEqual(['f', 'g']);
      expect(await keysOf({ afterSeq: 7 })).toEqual([]);
    });

    it('takes whatever stands in a text, and what looks like a query', async () => {
      await log().append(entryOf('nul', { summary: 'a \u0000 b', service: 'shop' }));
      await log().append(entryOf('quote', { summary: `'; drop table audit; --` }));
      const reason = Array.from({ length: 200_000 }, (_, i) => `word${i}`).join(' ');
      await log().append(entryOf('long', { reason }));
      expect(await keysOf({ text: 'word7' })).toEqual(['long']);
      expect(await log().list({ limit: 1, text: 'word7' })).toMatchObject([{ reason }]);
      expect(await keysOf({ service: 'shop' })).toEqual(['nul']);
      expect(await keysOf({ text: `'; drop & ) !!` })).toEqual(['quote']);
      expect(await log().verify()).toMatchObject({ intact: true, records: 7 });
    });

    it('gives all of them in their order, however many there are', async () => {
      const found: number[] = [];
      for await (const { seq } of allRecords(db, { kind: 'act' })) found.push(seq);
      expect(found).toEqual([2, 3, 4]);
    });

    it('limits to the newest, oldest of them first', async () => {
      expect(await keysOf({}, 2)).toEqual(['c', 'd']);
    });
  });

  describe('that is signed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-key-'));
    const { keyId } = writeSigningKey(join(folder, 'key.pem'));
    const signer = readSigner(join(folder, 'key.pem'));
    const check = readSignatureCheck(join(folder, 'key.pem.pub'));
    afterAll(() => rmSync(folder, { recursive: true }));
    beforeEach(async () => {
      await sql`drop table if exists audit_checkpoint`.execute(db);
      await ensureSchema(db);
      await write('a', 'b', 'c');
    });
    const verified = async (kept: readonly AuditCheckpoint[] = []) => {
      const { verdict, checked } = await verifySignedAudit(db, check, kept);
      return [...checked.problems, ...verdict.problems];
    };

    it('has its newest record signed once, whoever signs', async () => {
      const signed = await Promise.all([0, 1, 2].map(() => sealAudit(database.connect(), signer, 5)));
      expect(signed.filter((one) => one !== null)).toMatchObject([{ seq: 3, atMs: 5, keyId }]);
      await write('d');
      expect(await sealAudit(db, signer, 6)).toMatchObject({ seq: 4 });
      expect(await storedCheckpoints(db)).toMatchObject([{ seq: 3 }, { seq: 4 }]);
      expect(await verified()).toEqual([]);
    });

    it('is verified by the console as by the command line: with the key that is known, and without one no signature', async () => {
      await sealAudit(db, signer, 5);
      expect(await openAudit(db, join(folder, 'key.pem.pub')).verifyAudit()).toMatchObject({ intact: true, records: 3, signed: 1, signedToSeq: 3 });
      expect(await openAudit(db, null).verifyAudit()).toMatchObject({ intact: true, signed: null });
      await tamper(sql`delete from audit where seq > 1`);
      expect(await openAudit(db, join(folder, 'key.pem.pub')).verifyAudit()).toMatchObject({ intact: false, problems: ['the records from 2 to 3 are missing: the last of them was signed'] });
    });

    it('shows an end that was cut off, and a chain that was written anew', async () => {
      await sealAudit(db, signer, 5);
      await tamper(sql`delete from audit where seq > 1`);
      expect(await verified()).toEqual(['the records from 2 to 3 are missing: the last of them was signed']);
      await write('x', 'y');
      expect(await verified()).toEqual(['record 3 is another than the one that was signed']);
    });

    it('shows by checkpoints kept elsewhere that both were cut off, and believes none that another key signed or that was changed', async () => {
      const kept = await sealAudit(db, signer, 5);
      if (kept === null) throw new Error('nothing was signed');
      await sql`alter table audit_checkpoint disable trigger user`.execute(db);
      await sql`delete from audit_checkpoint`.execute(db);
      await tamper(sql`delete from audit where seq > 2`);
      expect(await verified()).toEqual([]);
      expect(await verified([kept])).toEqual(['the records from 3 to 3 are missing: the last of them was signed']);
      expect(await verified([{ ...kept, seq: 2 }])).toEqual(['the checkpoint of record 2 does not carry a good signature']);
      expect(checkCheckpoints([{ ...kept, keyId: 'another' }], check)).toEqual({ good: [], problems: [], unknown: 1 });
    });

    it('cannot have its checkpoints changed or removed by SQL of ours', async () => {
      await sealAudit(db, signer, 5);
      for (const deed of [sql`update audit_checkpoint set seq = 1`, sql`delete from audit_checkpoint`, sql`truncate audit_checkpoint`]) await expect(deed.execute(db)).rejects.toThrow('append-only');
    });
  });

  describe('against somebody with rights on the database', () => {
    beforeEach(() => write('a', 'b', 'c'));

    it.each([
      ['an update', sql`update audit set entry = '{}' where seq = 2`],
      ['a delete', sql`delete from audit where seq = 2`],
      ['a truncate', sql`truncate audit`],
    ])('refuses %s', async (_, deed) => {
      await expect(deed.execute(db)).rejects.toThrow('append-only');
      expect(await log().verify()).toMatchObject({ intact: true, records: 3 });
    });

    it('still refuses after the schema was ensured a second time, and the records are still there', async () => {
      await ensureSchema(db);
      await expect(sql`delete from audit`.execute(db)).rejects.toThrow('append-only');
      expect(await log().verify()).toMatchObject({ intact: true, records: 3 });
    });

    it('finds an entry that was edited', async () => {
      await tamper(sql`update audit set entry = replace(entry, 'wrote b', 'wrote nothing') where seq = 2`);
      expect(await log().verify()).toMatchObject({ intact: false, problems: ['record 2 was changed'] });
    });

    it('finds an entry that was edited and hashed anew', async () => {
      await tamper(sql`
        update audit set entry = replace(entry, 'wrote b', 'x'),
          hash = encode(sha256(convert_to(seq || E'\n' || previous_hash || E'\n' || replace(entry, 'wrote b', 'x'), 'UTF8')), 'hex')
        where seq = 2`);
      expect(await log().verify()).toMatchObject({ intact: false, problems: ['record 3 does not follow the record before it'] });
    });

    it('finds a record that was removed, and one removed with the numbers closed up', async () => {
      await tamper(sql`delete from audit where seq = 2`);
      expect(await log().verify()).toMatchObject({ intact: false, records: 2, problems: ['record 2 is missing: the next one is 3', 'record 3 does not follow the record before it'] });
      await tamper(sql`update audit set seq = 2 where seq = 3`);
      expect(await log().verify()).toMatchObject({ intact: false, problems: ['record 2 does not follow the record before it', 'record 2 was changed'] });
    });

    it('finds a record that was slipped in before the first', async () => {
      await tamper(sql`insert into audit select 0, 'forged', entry, previous_hash, 'forged', kind, workflow_id, instance_id, at_ms from audit where seq = 1`);
      const { intact, records, problems } = await log().verify();
      expect({ intact, records }).toEqual({ intact: false, records: 4 });
      expect(problems).toContain('record 0 was changed');
    });

    it.each([
      ['kind', sql`update audit set kind = 'readback' where seq = 2`],
      ['instance', sql`update audit set instance_id = null where seq = 2`],
      ['workflow', sql`update audit set workflow_id = 'migration/i-2' where seq = 2`],
      ['key', sql`update audit set key = 'z' where seq = 2`],
      ['time', sql`update audit set at_ms = 0 where seq = 2`],
    ])('finds a record that was hidden from the lists by another %s beside its entry', async (_, deed) => {
      await tamper(deed);
      const problems = ['record 2 is filed under another key, kind, workflow, instance or time than its entry says'];
      expect(await log().verify()).toMatchObject({ intact: false, records: 3, problems });
    });
  });

  describe('asked for what a recovery needs', () => {
    const told = (key: string, more: Partial<AuditEntry>): Promise<unknown> => log().append(entryOf(key, { detail: null, ...more }));

    it('tells how a run ended, whether a state was on its way, and nothing of runs that it does not know', async () => {
      const runs = createRunRecords(db);
      expect(await runs.find('migration/i-1', ['run-1'])).toBeNull();
      await told('a', { kind: 'intent', summary: 'handOverState begins', atMs: 5 });
      expect(await runs.find('migration/i-1', ['run-1'])).toEqual({ outcome: null, lastAtMs: 5, isStateUnderWay: true });
      await told('b', { kind: 'undo', summary: 'takeStateBack', atMs: 6 });
      await told('c', { kind: 'outcome', summary: 'NeedsOperator', detail: { kind: 'NeedsOperator' }, atMs: 7 });
      await told('d', { kind: 'outcome', summary: 'Completed', runId: 'run-2', atMs: 9 });
      expect(await runs.find('migration/i-1', ['run-1'])).toEqual({ outcome: 'NeedsOperator', lastAtMs: 7, isStateUnderWay: false });
      expect(await runs.find('migration/i-2', ['run-1'])).toBeNull();
    });

    it('tells of the newest move what was planned, how far it came, and by which routes its traffic came', async () => {
      const moves = createMoveRecords(db);
      expect(await moves.newest('migration/i-1')).toBeNull();
      const traffic = { targetGroupArn: 'arn:pool', routes: [] };
      for (const runId of ['run-1', 'run-2']) {
        await told(`${runId} plan`, { kind: 'decision', summary: 'plan', runId, detail: { instanceId: 'i-1', sync: 'image', why: runId } });
        for (const phase of ['reserve', 'verify', 'ramp']) await told(`${runId} ${phase}`, { kind: 'phase', summary: `entered phase ${phase}`, runId });
        if (runId === 'run-1') await told('groups', { kind: 'intent', summary: 'createRampGroups begins', runId, detail: { traffic } });
      }
      expect(await moves.newest('migration/i-1')).toMatchObject({ runId: 'run-2', plan: { why: 'run-2' }, phase: 'ramp', reached: 'ramp', traffic: null, stateIn: 'source' });
      await told('groups again', { kind: 'intent', summary: 'createRampGroups begins', runId: 'run-2', detail: { traffic } });
      await told('recovery', { kind: 'phase', summary: 'entered phase rollback', runId: 'recovery' });
      await told('over', { kind: 'act', summary: 'handOverState', runId: 'run-2' });
      expect(await moves.newest('migration/i-1')).toMatchObject({ runId: 'run-2', phase: 'rollback', reached: 'ramp', traffic, stateIn: 'shadow' });
    });
  });
});
