import { Draft } from './draft';
import { Fleet, INSTANTS } from './fleet';
import { HOST_COUNT, migrationSeconds } from './machines';
import { placeAll } from './place-vm';
import type { Move } from './plan-consolidation';
import type { Policy } from './policy';
import { SAMPLE_SECONDS, type Trace } from './read-trace';
import { SlaLedger, type ServiceLevel } from './sla-ledger';

/** What a policy made of a day. Ratios are fractions, not percent; `esv` is energy times `slav`. */
export interface DayResult extends ServiceLevel {
  readonly energyKwh: number;
  readonly migrations: number;
  readonly esv: number;
}

const FIRST_INSTANT_S = 0.1 + SAMPLE_SECONDS;
const J_PER_KWH = 3.6e6;

/**
 * One day of the PlanetLab benchmark under a policy, by the rules of CloudSim 3.0.3.
 *
 * @param onInstant told how many of the day's scheduling instants are done
 * @throws Error where the hosts cannot take the trace's VMs
 */
export function runDay(trace: Trace, policy: Policy, onInstant: (done: number, of: number) => void = () => undefined): DayResult {
  const ledger = new SlaLedger(HOST_COUNT, trace.vmCount);
  const fleet = new Fleet(trace, ledger);
  placeAll(fleet, new Draft(fleet), policy.findFirstHost);
  let migrations = 0;
  let atS = FIRST_INSTANT_S;
  for (let instant = 0; instant < INSTANTS; instant++) {
    fleet.update(atS, instant);
    const moves = policy.planMoves(fleet);
    migrations += moves.length;
    for (const { vm, target } of moves) fleet.startMigration(vm, target);
    // Nothing is simulated after the last instant but what it started.
    finish(moves, fleet, atS);
    atS += SAMPLE_SECONDS;
    onInstant(instant + 1, INSTANTS);
  }
  const level = ledger.close();
  const energyKwh = fleet.energyJ / J_PER_KWH;
  return { energyKwh, migrations, ...level, esv: energyKwh * level.slav };
}

/** Ends migrations when their memory is copied; those of equal memory end together. */
function finish(moves: readonly Move[], fleet: Fleet, startS: number): void {
  const durations = moves.map(({ vm }) => migrationSeconds(fleet.vmRamMb[vm] as number));
  for (const durationS of [...new Set(durations)].sort((a, b) => a - b)) {
    fleet.update(startS + durationS);
    moves.forEach(({ vm, target }, i) => {
      if (durations[i] === durationS) fleet.endMigration(vm, target);
    });
    fleet.update(startS + durationS);
  }
}
