import type { MigrateInstanceResult } from '../../contracts/migrate-instance';
import type { Rehearsed } from '../../contracts/rehearse-rollback';
import { undoAll } from '../migrate-instance/go-back';
import type { Migration } from '../migrate-instance/migration';
import type { AtTheTurn } from './go-there';

/** The way back, by the undoes that a move that fails takes, with a clock beside it. */
export async function comeBack(migration: Migration, { shadow, shift, verdict }: AtTheTurn): Promise<Rehearsed | Extract<MigrateInstanceResult, { kind: 'NeedsOperator' }>> {
  const { progress, input } = migration;
  const { shadowPercent } = progress;
  const decidedAtMs = Date.now();
  const left = await undoAll(migration, 'on purpose: it is a rehearsal');
  const { phases } = progress;
  if (left.length > 0 || shift.givenBack === null) return { kind: 'NeedsOperator', phase: 'ramp', reasons: ['the rehearsal went back, and not everything could be given back'], left, phases };
  const { weightsAtMs, drainedAtMs } = shift.givenBack;
  return {
    kind: 'Rehearsed',
    instanceId: input.instanceId,
    shadow: { instanceId: shadow.instanceId, shape: shadow.rung.shape, zone: shadow.rung.zone },
    shadowPercent,
    verdict,
    weightsBackMs: weightsAtMs - decidedAtMs,
    timeToSafeMs: drainedAtMs - decidedAtMs,
    removedMs: Date.now() - decidedAtMs,
    phases,
  };
}
