import { condition, patched } from '@temporalio/workflow';
import type { MigrateInstanceResult } from '../../contracts/migrate-instance';
import { earnedApproval } from './earned-approval';
import type { PlannedMigration } from './migration';

/** Waits for the `approve` update where one is required. Returns null, or why it was refused: silence is no consent. */
export async function approvalOf(migration: PlannedMigration): Promise<Pick<Extract<MigrateInstanceResult, { kind: 'Refused' }>, 'error' | 'reasons'> | null> {
  const { approval } = migration.input;
  // No `patched`: no history from before it was there asks for it.
  const fate = approval === 'earned' ? await earnedApproval(migration) : approval === 'required' ? 'asks' : 'goes';
  if (fate === 'goes') return null;
  if (fate !== 'asks') return { error: 'ObserveOnly', reasons: [fate.refused] };
  const refusal = await askApproval(migration, 'the plan');
  return refusal === null ? null : { error: 'ApprovalExpired', reasons: [refusal] };
}

/** Waits for the `approve` update of this migration's plan. Returns null, or that it did not come in time. */
export async function askApproval({ policy, progress, controls }: PlannedMigration, what: string): Promise<string | null> {
  const untilMs = Date.now() + policy.approvalTimeoutMs;
  controls.openGate(progress.planHash ?? '', untilMs);
  progress.note(`waiting for approval of ${what}: plan ${progress.planHash?.slice(0, 12) ?? ''} until ${new Date(untilMs).toISOString()}`);
  // Whoever is to approve must hear of it; moves that were waiting before it was written down go on without.
  if (patched('approval-wanted-audited')) await progress.audit('decision', 'approval wanted', { reason: `of ${what}`, detail: { planHash: progress.planHash, untilMs } });
  const approved = await condition(() => controls.approval !== null, policy.approvalTimeoutMs);
  controls.gate = null;
  if (approved) {
    progress.note(`approved by ${controls.approval?.by ?? 'operator'}`);
    return null;
  }
  const reason = `nobody approved plan ${progress.planHash ?? ''} by ${new Date(untilMs).toISOString()}`;
  await progress.audit('refusal', 'approval expired', { reason });
  return reason;
}
