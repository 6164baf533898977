import type { StoredPlan } from '../../activities/plan-port';
import type { AuditFilter, AuditRecord } from '../../contracts/audit';
import type { ChainVerdict } from '../../domain/audit-chain';
import type { FleetView, MigrationDetail } from '../console-api';

/** What the console reads, and the four things that it does: each under the name of who is logged in. */
export interface ConsolePorts {
  readFleet(): Promise<Omit<FleetView, 'trouble'>>;
  /** Null where no such migration ever ran. */
  readMigration(instanceId: string): Promise<MigrationDetail | null>;
  readPlan(planId: string): Promise<StoredPlan | null>;
  searchAudit(filter: AuditFilter & { readonly limit: number }): Promise<AuditRecord[]>;
  exportAudit(filter: AuditFilter): AsyncGenerator<AuditRecord>;
  verifyAudit(): Promise<ChainVerdict>;
  abortMigration(instanceId: string, args: { readonly reason: string; readonly by: string }): Promise<string>;
  approveMigration(instanceId: string, args: { readonly planHash: string; readonly by: string }): Promise<string>;
  approvePlan(planId: string, args: { readonly planHash: string; readonly by: string }): Promise<string>;
  declinePlan(planId: string, args: { readonly reason: string; readonly by: string }): Promise<string>;
}

/** What the one who asks can do something about: said to them in its words. */
export class ConsoleRefusal extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 409,
    message: string,
  ) {
    super(message);
  }
}
