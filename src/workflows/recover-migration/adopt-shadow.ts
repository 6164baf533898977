import type { MigrateInstanceResult } from '../../contracts/migrate-instance';
import type { MoveSurvey } from '../../contracts/recover-migration';
import { say } from '../activity-proxies';
import { acts } from '../migrate-instance/activities';
import type { PlannedMigration } from '../migrate-instance/migration';

/** The shadow keeps its place for good: the move's tags come off it, so that nothing ever takes it away. Nothing else is touched. */
export async function adoptShadow(migration: PlannedMigration, { sight, shadowPlace }: MoveSurvey): Promise<Extract<MigrateInstanceResult, { kind: 'Completed' }>> {
  const { owner, source, progress, input } = migration;
  const { shadow } = sight;
  if (shadow === null || shadowPlace === null) throw new Error('there is no shadow to adopt');
  await say(acts.adoptReplacement, `${shadow.instanceId} keeps its place`, { owner, source, instanceId: shadow.instanceId });
  const notes = [`adopted: ${source.instanceId} (${sight.source.state}) and the routes are as they were found`, ...sight.left.map((one) => `still there: ${one}`)];
  return { kind: 'Completed', instanceId: input.instanceId, replacementId: shadow.instanceId, ...shadowPlace, notes, phases: progress.phases };
}
