import type { MigrateInstanceResult } from '../../contracts/migrate-instance';
import type { MoveSurvey } from '../../contracts/recover-migration';
import type { MigrationPhase } from '../../domain/migration-phase';
import { say } from '../activity-proxies';
import { finishMove } from '../migrate-instance/finish-move';
import { enterPhase } from '../migrate-instance/go-back';
import type { PlannedMigration } from '../migrate-instance/migration';
import { bake } from '../migrate-instance/ramp-traffic';
import { releaseLeftovers } from '../migrate-instance/retire-source';
import { TrafficWatch } from '../migrate-instance/traffic-watch';
import type { TakenUp } from './take-up';

type Ended = Extract<MigrateInstanceResult, { kind: 'Completed' | 'NeedsOperator' }>;

/** Gives the shadow what the source still has, judges it once more, and ends the move. What fails on the way goes back. */
export async function carryOn(migration: PlannedMigration, { sight, shadowPlace }: MoveSurvey, { shift, state }: TakenUp): Promise<Ended> {
  const { waiting, source } = migration;
  const { shadow } = sight;
  if (shadow === null || shadowPlace === null) throw new Error('a move without a shadow cannot go on');
  const enter = (phase: MigrationPhase): Promise<void> => enterPhase(migration, phase);
  if (sight.source.state === 'terminated') {
    migration.undo.forget();
    await enter('release');
    return ended(migration, shadow.instanceId, shadowPlace, await releaseLeftovers(migration, shift));
  }
  await enter('verify');
  await say(waiting.awaitInstanceHealthy, `Instance checks of ${shadow.instanceId}`, { instanceId: shadow.instanceId });
  const probePath = source.tags['foreshift:probe'];
  if (probePath !== undefined && source.traffic !== null && sight.source.state === 'running') {
    await say(waiting.probeApplication, `The same answer on ${probePath} as the source's`, { sourceId: source.instanceId, instanceId: shadow.instanceId, port: source.traffic.port, path: probePath });
  }
  // Where the pool lists the shadow it has all of the traffic already.
  const isInPool = shadow.listings.some(({ targetGroupArn }) => targetGroupArn === source.traffic?.targetGroupArn);
  if (shift !== null && !isInPool) {
    await enter('ramp');
    if (sight.source.listings.some(({ targetGroupArn }) => targetGroupArn === source.traffic?.targetGroupArn)) await shift.isolateSource();
    const watch = new TrafficWatch(migration, shift);
    await shift.setShadowPercent(100);
    await enter('bake');
    await bake(migration, watch, state);
  }
  return ended(migration, shadow.instanceId, shadowPlace, await finishMove(migration, shadow, shift, state, enter));
}

async function ended({ progress, input }: PlannedMigration, replacementId: string, place: { readonly zone: string; readonly shape: string }, left: readonly string[]): Promise<Ended> {
  progress.left = left;
  const { phases } = progress;
  if (left.length > 0) return { kind: 'NeedsOperator', phase: 'release', reasons: ['the move is complete, but not everything could be given back'], left, phases };
  return { kind: 'Completed', instanceId: input.instanceId, replacementId, ...place, notes: ['recovered: the move went on'], phases };
}
