import { proxyActivities } from '@temporalio/workflow';
import type { AutonomyActivities } from '../../contracts/autonomy';
import type { FleetMode } from '../../domain/fleet-plan/plan-modes';
import { riskFrom } from '../../domain/fleet-plan/risk-of';
import { slaClassOf } from '../../domain/sla-class-of';
import { ACT, say } from '../activity-proxies';
import type { PlannedMigration } from './migration';

const { earnMode } = proxyActivities<AutonomyActivities>(ACT);
const GIB = 1_073_741_824;

/** What the mode that the service has earned asks of this move; in the audit with its reasons. */
export async function earnedApproval(migration: PlannedMigration): Promise<'goes' | 'asks' | { readonly refused: string }> {
  const { source, owner, progress } = migration;
  const { mode, reasons, missing } = await say(earnMode, `What mode has ${source.service} earned?`, { pool: source.service, by: owner });
  const why = [...reasons, ...missing].join('; ');
  await progress.audit('decision', `mode of ${source.service}: ${mode}`, { reason: why, detail: { mode, reasons, missing } });
  progress.note(`${source.service} has earned ${mode}`);
  return fateOf(mode, migration, why);
}

/** No move is late that somebody asks for now: its time is when it was asked for. */
function fateOf(mode: FleetMode, { source, plan }: PlannedMigration, why: string): Awaited<ReturnType<typeof earnedApproval>> {
  switch (mode) {
    case 'observe':
      return { refused: `${source.service} may only be observed: ${why}` };
    case 'propose':
      return 'asks';
    case 'approve-risky': {
      const stateBytes = plan.sync === 'none' ? 0 : source.dataVolumes.reduce((sum, { sizeGiB }) => sum + sizeGiB * GIB, 0);
      return riskFrom({ slaClass: slaClassOf(source.tags), stateBytes, isLate: false }) === 'low' ? 'goes' : 'asks';
    }
    case 'act':
      return 'goes';
  }
}
