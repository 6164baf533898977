import { createHash, randomBytes } from 'node:crypto';
import type { ExpressionBuilder } from 'kysely';
import type { ApprovalWanted } from '../../domain/notifications/notification';
import type { ApprovalLinks } from '../../notifications/ports';
import type { Database, Tables } from './database';

/** What a link approves, and whom it was given to. */
export interface LinkedApproval {
  readonly wanted: ApprovalWanted;
  readonly channel: string;
}

/** Links that approve one thing, once. Of a secret its digest alone is kept. */
export interface ApprovalLinkStore extends ApprovalLinks {
  /** What a secret is good for; null where it is unknown, spent or too late. */
  find(secret: string): Promise<LinkedApproval | null>;
  /** Takes a secret, so that nobody can a second time; null as above. */
  spend(secret: string): Promise<LinkedApproval | null>;
  /** Gives a secret back that was spent on nothing. */
  restore(secret: string): Promise<void>;
}

const SECRET_BYTES = 32;

export function createApprovalLinks(db: Database, now: () => number): ApprovalLinkStore {
  const good = (secret: string) => (eb: Where) => eb.and([eb('secret_sha256', '=', digestOf(secret)), eb('spent', '=', false), eb('until_ms', '>', String(now()))]);
  return {
    async issue(wanted, channel) {
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      await db.deleteFrom('approval_link').where('until_ms', '<', String(now())).execute();
      await db.insertInto('approval_link').values({ secret_sha256: digestOf(secret), body: JSON.stringify(wanted), channel, until_ms: String(wanted.untilMs) }).execute();
      return secret;
    },
    async find(secret) {
      return approvalOf(await db.selectFrom('approval_link').select(['body', 'channel']).where(good(secret)).executeTakeFirst());
    },
    async spend(secret) {
      return approvalOf(await db.updateTable('approval_link').set({ spent: true }).where(good(secret)).returning(['body', 'channel']).executeTakeFirst());
    },
    async restore(secret) {
      await db.updateTable('approval_link').set({ spent: false }).where('secret_sha256', '=', digestOf(secret)).execute();
    },
  };
}

type Where = ExpressionBuilder<Tables, 'approval_link'>;

function approvalOf(row: { readonly body: string; readonly channel: string } | undefined): LinkedApproval | null {
  return row === undefined ? null : { wanted: JSON.parse(row.body) as ApprovalWanted, channel: row.channel };
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
