import type { Client } from '@temporalio/client';
import { createApprovalLinks } from '../../../adapters/postgres/approval-links';
import { createAccuracyStore } from '../../../adapters/postgres/accuracy-store';
import type { Database } from '../../../adapters/postgres/database';
import { createPlanStore } from '../../../adapters/postgres/plan-store';
import { createProfileStore } from '../../../adapters/postgres/profile-store';
import type { CapacityPorts, ConsolePorts } from './console-ports';
import { openApprovals } from './open-approvals';
import { openAudit } from './open-audit';
import { openCapacity } from './open-capacity';
import { openInstances } from './open-instances';
import { openMigrations } from './open-migrations';
import { awaitedPlans, createPlanList, openPlans } from './open-plans';
import { openTemporalSide } from './temporal-side';

export interface ConsoleEnvironment {
  readonly namespace: string;
  /** The Temporal UI's address; null where none is known. */
  readonly temporalUi: string | null;
  readonly auditKey: string | null;
  readonly suggestShapes: CapacityPorts['suggestShapes'];
}

/** What the console reads and does, by Temporal and Postgres. */
export function openConsolePorts(client: Client, db: Database, { suggestShapes, auditKey, ...where }: ConsoleEnvironment): ConsolePorts {
  const temporal = openTemporalSide(client, where);
  const plans = createPlanStore(db);
  const migrations = openMigrations(temporal, db, createPlanList(db, plans, awaitedPlans(temporal)));
  const decisions = openPlans(temporal, plans);
  return {
    ...migrations,
    ...decisions,
    ...openApprovals(createApprovalLinks(db, Date.now), { ...migrations, ...decisions }),
    ...openInstances(db, plans),
    ...openAudit(db, auditKey),
    ...openCapacity(temporal),
    suggestShapes,
    readAccuracy: (filter) => createAccuracyStore(db).summarize(filter),
    readProfiles: () => createProfileStore(db).list(),
  };
}
