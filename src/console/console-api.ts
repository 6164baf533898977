import type { AuditRecord } from '../contracts/audit';
import type { MigrationStatus } from '../contracts/migrate-instance';
import type { ChainVerdict } from '../domain/audit-chain';
import type { Role } from '../domain/roles';

/** Which ways of logging in there are. */
export interface LoginWays {
  /** What the button says; null where there is no single sign-on. */
  readonly oidc: string | null;
}

/** Who is logged in; `csrfToken` goes into the header of every request that changes something. */
export interface SessionInfo {
  readonly name: string;
  readonly role: Role;
  readonly csrfToken: string;
}

/** A migration as the overview lists it; `status` is null where it was not asked for, or nobody answered. */
export interface MigrationRow {
  readonly instanceId: string;
  readonly workflowId: string;
  readonly runId: string;
  /** Of the workflow; how the migration ended stands in `outcome`. */
  readonly state: string;
  readonly phase: string | null;
  readonly outcome: string | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly status: MigrationStatus | null;
  readonly temporalUrl: string | null;
}

export interface PlanRow {
  readonly planId: string;
  readonly planHash: string;
  readonly fleet: string;
  readonly atMs: number;
  readonly mode: string;
  readonly moves: number;
  readonly instances: number;
  /** Until when somebody may approve it; null where nobody is waited for. */
  readonly awaitsUntilMs: number | null;
}

/** What the server sends to every viewer, whenever it changed. */
export interface FleetView {
  readonly migrations: readonly MigrationRow[];
  readonly plans: readonly PlanRow[];
  /** Why what is shown is old, where it is. */
  readonly trouble: string | null;
}

/** What a migration's page shows; `records` are those that its reader has not. */
export interface MigrationDetail {
  readonly migration: MigrationRow;
  readonly records: readonly AuditRecord[];
}

/** The audit's chain, and what was signed of it where the key is known. */
export interface AuditVerdict extends ChainVerdict {
  /** How many checkpoints are well signed; null where no key is known. */
  readonly signed: number | null;
  readonly signedToSeq: number;
}
