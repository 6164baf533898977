import type { AccuracyFilter } from '../../../activities/accuracy-port';
import type { AuditFilter, AuditRecord } from '../../../contracts/audit';
import type { LoadMetric } from '../../../domain/forecast';
import type { AccuracySummary } from '../../../domain/forecast-accuracy';
import type { ApprovalWanted } from '../../../domain/notifications/notification';
import type { ShadowProfile } from '../../../domain/profiles/shadow-profile';
import type { CapacityView, QueuesView, SuggestionsView } from '../../capacity-api';
import type { AuditVerdict, FleetView, MigrationDetail } from '../../console-api';
import type { ForecastView, InstanceDetail, InstancesView } from '../../instance-api';
import type { PlanDetail } from '../../plan-api';

/** Under whose name something is done. */
interface Spoken {
  readonly by: string;
}

export interface MigrationPorts {
  readFleet(): Promise<Omit<FleetView, 'trouble'>>;
  /** Null where no such migration ever ran. Of its records those after `afterSeq`, at most the newest 2,000. */
  readMigration(instanceId: string, afterSeq: number): Promise<MigrationDetail | null>;
  abortMigration(instanceId: string, args: Spoken & { readonly reason: string }): Promise<string>;
  approveMigration(instanceId: string, args: Spoken & { readonly planHash: string }): Promise<string>;
}

export interface PlanPorts {
  readPlan(planId: string): Promise<PlanDetail | null>;
  approvePlan(planId: string, args: Spoken & { readonly planHash: string }): Promise<string>;
  declinePlan(planId: string, args: Spoken & { readonly reason: string }): Promise<string>;
}

export interface InstancePorts {
  readInstances(): Promise<InstancesView>;
  readInstance(instanceId: string): Promise<InstanceDetail>;
  /** Null where no forecast of it is kept. */
  readForecast(instanceId: string, metric: LoadMetric, horizonMs: number): Promise<ForecastView | null>;
}

export interface AuditPorts {
  searchAudit(filter: AuditFilter & { readonly limit: number }): Promise<AuditRecord[]>;
  exportAudit(filter: AuditFilter): AsyncGenerator<AuditRecord>;
  verifyAudit(): Promise<AuditVerdict>;
}

export interface CapacityPorts {
  readCapacity(): Promise<CapacityView>;
  readQueues(): Promise<QueuesView>;
  /** Reads two weeks of every instance of the fleet: seconds. */
  suggestShapes(fleet: string): Promise<SuggestionsView>;
}

export interface ForecastingPorts {
  readAccuracy(filter: AccuracyFilter): Promise<readonly AccuracySummary[]>;
  readProfiles(): Promise<readonly ShadowProfile[]>;
}

export interface ApprovalPorts {
  /** What a link's secret approves. @throws ConsoleRefusal where it is not good (any more) */
  lookAtApproval(secret: string): Promise<ApprovalWanted>;
  approveByLink(secret: string): Promise<string>;
}

/** What the console reads, and the few things that it does: each under the name of who is logged in, or of the link that was followed. */
export interface ConsolePorts extends ApprovalPorts, MigrationPorts, PlanPorts, InstancePorts, AuditPorts, CapacityPorts, ForecastingPorts {}
