import { ApplicationFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, proxyActivities, proxyLocalActivities, setCurrentDetails, startChild, workflowInfo } from '@temporalio/workflow';
import type { FleetActivities, FleetMember, ShapeFleetInput, ShapeFleetResult } from '../contracts/shape-fleet';
import { MIGRATE_INSTANCE } from '../contracts/migrate-instance';
import type { MigrationActivities } from '../contracts/migration-activities';
import { migrationWorkflowId } from '../contracts/workflow-ids';
import { checkFleetInput } from '../domain/fleet-input';
import { chooseMoves } from '../domain/choose-moves';
import type { MoveChoice } from '../domain/choose-moves';
import type { migrateInstance } from './migrate-instance';

const fleet = proxyActivities<FleetActivities>({
  startToCloseTimeout: '5m',
  scheduleToCloseTimeout: '15m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', maximumInterval: '15s' },
});
const locals = proxyLocalActivities<Pick<MigrationActivities, 'resolvePolicy' | 'recordAudit'>>({ startToCloseTimeout: '10s' });

/** One control tick: snapshot, forecasts, choice. In mode `observe`, the default, nothing but the audit is written. */
export async function shapeFleet(input: ShapeFleetInput = {}): Promise<ShapeFleetResult> {
  const problems = checkFleetInput(input);
  if (problems.length > 0) throw ApplicationFailure.create({ type: 'InvalidInput', message: problems.join('; '), nonRetryable: true });
  const policy = await locals.resolvePolicy();
  const members = await fleet.listFleet({ fleet: input.fleet ?? null });
  const forecasts = await fleet.forecastFleet({ members, policy: policy.forecast });
  const choices = chooseMoves(forecasts, { maxMoves: input.maxMoves ?? 1 });
  for (const [i, choice] of choices.entries()) await recordChoice(choice, i);
  const started = input.mode === 'act' ? await startMoves(choices) : [];
  setCurrentDetails(describe(members, choices, started));
  return { mode: input.mode ?? 'observe', instances: members.length, choices, started };
}

async function recordChoice(choice: MoveChoice, index: number): Promise<void> {
  const info = workflowInfo();
  await locals.recordAudit({
    key: `${info.workflowId}/${info.runId}/choice-${index}`,
    kind: choice.move ? 'decision' : 'refusal',
    atMs: Date.now(),
    actor: 'foreshift:tick',
    workflowId: info.workflowId,
    runId: info.runId,
    instanceId: choice.instanceId,
    summary: choice.move ? 'chosen for a move' : 'not moved',
    reason: choice.reasons.join('; '),
    detail: choice,
  });
}

/** Moves outlive the tick that began them; one that already runs is left alone. */
async function startMoves(choices: readonly MoveChoice[]): Promise<string[]> {
  const started: string[] = [];
  for (const choice of choices.filter(({ move }) => move)) {
    try {
      await startChild<typeof migrateInstance>(MIGRATE_INSTANCE, {
        args: [{ instanceId: choice.instanceId, trigger: 'tick', onlyIfContended: true, reason: choice.reasons[0] ?? 'chosen by the tick' }],
        workflowId: migrationWorkflowId(choice.instanceId),
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `Migrate ${choice.instanceId}: ${choice.reasons[0] ?? ''}`.slice(0, 190),
      });
      started.push(migrationWorkflowId(choice.instanceId));
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
  return started;
}

function describe(members: readonly FleetMember[], choices: readonly MoveChoice[], started: readonly string[]): string {
  return [
    `### ${members.length} instances, ${started.length} moves started`,
    '| instance | | why |',
    '|---|---|---|',
    ...choices.slice(0, 50).map((choice) => `| ${choice.name} (${choice.instanceId}) | ${choice.move ? '**move**' : 'stay'} | ${choice.reasons.join('; ')} |`),
  ].join('\n');
}
