import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { GENESIS_HASH } from '../../../src/adapters/postgres/audit-schema';
import type { Database } from '../../../src/adapters/postgres/database';
import type { AuditEntry, AuditKind } from '../../../src/contracts/audit';
import { canonicalJson } from '../../../src/domain/canonical-json';
import { createRandomStream, type RandomStream } from '../../../src/domain/seeded-random';

const START_MS = Date.UTC(2026, 0, 5);
const BATCH = 2_000;
const RECORDS_OF_A_MOVE = 60;
const KINDS: readonly AuditKind[] = ['intent', 'act', 'readback', 'phase', 'decision', 'undo'];
const REASONS = ['the error rate of the shadow rose above that of the source', 'cpu is forecast to run out at 14:35', 'contention ahead in us-east-1a', 'approved by an operator', 'no capacity for m7i.xlarge'];
/** One record in so many has this word. */
const RARE_EVERY = 50_000;

/** Writes records of made-up moves behind those that there are, chained as the audit chains them, but many at once. */
export class MadeRecords {
  private seq = 0;
  private previous = GENESIS_HASH;
  private readonly random: RandomStream = createRandomStream(7);

  constructor(private readonly db: Database) {}

  async fillTo(count: number): Promise<void> {
    while (this.seq < count) {
      const rows = Array.from({ length: Math.min(BATCH, count - this.seq) }, () => this.next());
      const column = (of: (row: (typeof rows)[number]) => unknown): unknown[] => rows.map(of);
      await sql`insert into audit select * from unnest(${column(({ seq }) => seq)}::bigint[], ${column(({ entry }) => entry.key)}::text[], ${column(({ text }) => text)}::text[], ${column(({ previous }) => previous)}::text[],
        ${column(({ hash }) => hash)}::text[], ${column(({ entry }) => entry.kind)}::text[], ${column(({ entry }) => entry.workflowId)}::text[], ${column(({ entry }) => entry.instanceId)}::text[], ${column(({ entry }) => entry.atMs)}::bigint[])`.execute(this.db);
    }
  }

  private next() {
    this.seq += 1;
    const { seq, previous } = this;
    const entry = this.entryOf(seq);
    const text = canonicalJson(entry);
    const hash = createHash('sha256').update(`${seq}\n${previous}\n${text}`).digest('hex');
    this.previous = hash;
    return { seq, entry, text, previous, hash };
  }

  private entryOf(seq: number): AuditEntry {
    const move = Math.floor(seq / RECORDS_OF_A_MOVE);
    const isLast = seq % RECORDS_OF_A_MOVE === RECORDS_OF_A_MOVE - 1;
    const instanceId = `i-${(move % 10_000).toString(16).padStart(17, '0')}`;
    const outcome = move % 7 === 0 ? 'RolledBack' : 'Completed';
    const pick = <T>(from: readonly T[]): T => from[Math.floor(this.random() * from.length)] as T;
    return {
      key: `migration/${instanceId}/run-${move}/${seq}`,
      kind: isLast ? 'outcome' : pick(KINDS),
      atMs: START_MS + seq * 500,
      actor: pick(['foreshift:queue', 'foreshift:alarm', 'foreshift:operator', 'foreshift:worker']),
      workflowId: `migration/${instanceId}`,
      runId: `run-${move}`,
      instanceId,
      service: `service-${move % 200}`,
      summary: isLast ? outcome : `modify the weights of listener ${seq % 400} to ${seq % 100} and ${100 - (seq % 100)}${seq % RARE_EVERY === 0 ? ' heliotrope' : ''}`,
      reason: pick(REASONS),
      detail: isLast ? { kind: outcome, instanceId } : { weights: [seq % 100, 100 - (seq % 100)], listenerArn: `arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/fleet/${move}`, requestId: requestIdOf(seq) },
    };
  }
}

function requestIdOf(seq: number): string {
  return createHash('sha256').update(String(seq)).digest('hex').slice(0, 32);
}
