import type { MigrateInstanceResult } from '../../contracts/migrate-instance';
import type { Rehearsed } from '../../contracts/rehearse-rollback';
import type { RampVerdict } from '../../domain/judge/verdict-of';
import type { MigrationPhase } from '../../domain/migration-phase';
import { planRehearsal } from '../../domain/plan-rehearsal';
import { MOST_SHARE_PERCENT, shareInRehearsal } from '../../domain/rehearsal-input';
import { isHandedOver } from '../../domain/sync-strategy';
import { bringUpShadow } from '../migrate-instance/bring-up-shadow';
import { enterPhase } from '../migrate-instance/go-back';
import { makePlan } from '../migrate-instance/make-plan';
import type { Migration, PlannedMigration, Shadow } from '../migrate-instance/migration';
import { tell } from '../migrate-instance/ramp-traffic';
import type { TrafficShift } from '../migrate-instance/traffic-shift';
import { TrafficWatch } from '../migrate-instance/traffic-watch';

/** Where a rehearsal turns back. */
export interface AtTheTurn {
  readonly kind: 'AtTheTurn';
  readonly shadow: Shadow;
  readonly shift: TrafficShift;
  readonly verdict: Rehearsed['verdict'];
}

type NotBegun = Extract<MigrateInstanceResult, { kind: 'Planned' | 'Refused' }>;

/** The way there, as in a move, up to a small share of the traffic. What the judge says is noted and stops nothing: back is where it goes anyway. */
export async function goThere(migration: Migration, wantedPercent: number | null): Promise<AtTheTurn | NotBegun> {
  const enter = (phase: MigrationPhase): Promise<void> => enterPhase(migration, phase);
  await enter('forecast');
  const wanted = wantedPercent ?? Math.min(MOST_SHARE_PERCENT, migration.policy.ramp.stepsPercent[0] ?? 1);
  const planned = await makePlan(migration, () => enter('plan'), (plan) => planRehearsal(plan, shareInRehearsal(plan.sync, wanted), migration.policy));
  if (planned.kind !== 'Go') return planned;
  const why = whyNotRehearsed(planned.migration);
  if (why !== null) return { kind: 'Refused', error: 'Conflict', reasons: [why] };

  const { shadow, shift } = await bringUpShadow(planned.migration, enter);
  if (shift === null) throw new Error('a rehearsal without traffic was begun');
  await enter('ramp');
  await shift.isolateSource();
  const sharePercent = shareInRehearsal(planned.migration.plan.sync, wanted);
  return { kind: 'AtTheTurn', shadow, shift, verdict: sharePercent === 0 ? null : await giveSome(planned.migration, shift, sharePercent) };
}

function whyNotRehearsed({ source: { instanceId, traffic }, plan: { sync } }: PlannedMigration): string | null {
  if (isHandedOver(sync)) return `the state of ${instanceId} is handed over ("${sync}"): a rehearsal would let its service stand still twice, and is not made`;
  return traffic === null ? `no balancer sends ${instanceId} traffic: there is nothing to be given back` : null;
}

/** First the source alone, as what the shadow is held against. */
async function giveSome(migration: PlannedMigration, shift: TrafficShift, sharePercent: number): Promise<Rehearsed['verdict']> {
  const watch = new TrafficWatch(migration, shift);
  await watch.lookFor(() => migration.policy.ramp.stepMs);
  await migration.controls.safePoint();
  await shift.setShadowPercent(sharePercent);
  migration.progress.note(`${sharePercent} %`);
  watch.beginStep(sharePercent, sharePercent);
  for (let holds = 0; ; holds += 1) {
    const { kind, why } = await look(migration, watch, sharePercent);
    if (kind === 'pass' || kind === 'fail' || holds === migration.policy.ramp.maxHolds) return { kind, why };
  }
}

async function look(migration: PlannedMigration, watch: TrafficWatch, sharePercent: number): Promise<RampVerdict> {
  const verdict = await watch.lookFor(() => migration.policy.ramp.stepMs);
  await tell(migration, watch, `rehearsal at ${sharePercent} %`, verdict);
  return verdict;
}
