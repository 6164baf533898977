import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { RECOVER_MIGRATION, type MoveSurvey, type Recovered, type RecoverMigrationInput, type RecoverMigrationResult, type RecoveryActivities } from '../contracts/recover-migration';
import { FLEET_TAG, migrationWorkflowId } from '../contracts/workflow-ids';
import { assessMove, type Assessment, type RecoveryWay } from '../domain/recovery/assess-move';
import { checkRecoverInput } from '../domain/recovery/recover-input';
import { SLOW_READ, say } from './activity-proxies';
import { beginMigration } from './migrate-instance/begin-migration';
import { finished, goBack } from './migrate-instance/go-back';
import type { PlannedMigration } from './migrate-instance/migration';
import { adoptShadow } from './recover-migration/adopt-shadow';
import { carryOn } from './recover-migration/carry-on';
import { takeUp } from './recover-migration/take-up';
import { describeAssessment } from './recover-migration/describe-assessment';
import { refuseInput } from './refuse-input';

const looks = proxyActivities<RecoveryActivities>(SLOW_READ);
/** What the audit and the result tell of a way back that was asked for. */
class AskedToGoBack extends Error {}

/**
 * Brings a move to an end that was terminated, timed out or asked an operator: AWS is looked at first, then it goes on, back, or the shadow keeps its place, by the steps of the move itself. It runs
 * under the instance's lock, so that nothing runs beside it. Without a way it only tells what state the world is in.
 */
export async function recoverMigration(input: RecoverMigrationInput): Promise<RecoverMigrationResult> {
  const problems = checkRecoverInput(input);
  const { workflowId } = workflowInfo();
  if (problems.length === 0 && input.way !== undefined && workflowId !== migrationWorkflowId(input.instanceId)) problems.push(`a recovery of ${input.instanceId} has the workflow id ${migrationWorkflowId(input.instanceId)} and no other: it is its lock`);
  refuseInput(problems);
  const survey = await say(looks.surveyMove, `What is there of the move of ${input.instanceId}?`, { instanceId: input.instanceId });
  const assessment = assessMove(survey.sight);
  setCurrentDetails(describeAssessment(input.instanceId, assessment, survey.sight.left));
  const looked = { assessment, found: survey.sight.left };
  if (input.way === undefined) return { kind: 'Assessed', ...looked, ended: null };
  const ended = await recover(input, input.way, survey, assessment);
  return { kind: ended.kind, ...looked, ended };
}

async function recover(input: RecoverMigrationInput, way: RecoveryWay, survey: MoveSurvey, assessment: Assessment): Promise<Recovered> {
  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  const begun = await beginMigration({ instanceId: input.instanceId }, survey.owner ?? { workflowId, runId }, 'recovery');
  const { progress } = begun;
  const actor = input.actor === undefined ? {} : { actor: input.actor };
  const refusal = refusalOf(survey, assessment, way);
  if (refusal !== null || survey.plan === null) {
    const reasons = [refusal ?? 'the audit knows no move'];
    await progress.audit('refusal', `${RECOVER_MIGRATION} ${way} is not safe`, { reason: reasons.join('; '), detail: assessment, ...actor });
    return finished(begun, { kind: 'Refused', error: 'Unsafe', reasons });
  }
  await progress.audit('operator', `recover: ${way}`, { reason: input.reason ?? assessment.sentence, detail: { assessment, left: survey.sight.left }, ...actor });
  progress.serves(survey.source.service, survey.source.tags[FLEET_TAG] ?? null);
  const migration: PlannedMigration = { ...begun, source: survey.source, plan: survey.plan, network: null };
  try {
    const result = await migration.controls.run(async (): Promise<Recovered> => {
      if (way === 'adopt') return adoptShadow(migration, survey);
      const taken = await takeUp(migration, survey);
      if (way === 'rollBack') throw new AskedToGoBack(input.reason ?? 'an operator asked to go back');
      return carryOn(migration, survey, taken);
    });
    return await finished(migration, result);
  } catch (error) {
    return (await goBack(migration, error)) as Recovered;
  }
}

function refusalOf({ owner }: MoveSurvey, { world, refusals, sentence }: Assessment, way: RecoveryWay): string | null {
  if (owner === null) return 'the audit knows no move of this instance that came as far as a plan: what carries its tags is looked after by "foreshift reap"';
  return world === 'nothingLeft' ? sentence : refusals[way];
}
