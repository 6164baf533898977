import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { FaultCase } from '../cases/fault-case';
import type { Scenario } from '../cases/scenario';
import type { Point } from '../control/control-server';
import type { Attempt, Directive } from '../control/protocol';
import { GO } from '../control/protocol';
import { SeenActivities } from '../control/seen-activities';
import type { Slot } from '../fleet/fleet';
import { patiently } from './patiently';
import type { World } from './world';

/** An update is accepted by the next workflow task, which an attempt that waits for it may hold up. */
const UPDATE_PATIENCE_MS = 500;
const OUTLIVED_BY_MS = 1_500;
const WRITE = 'head -c 3000000 /dev/urandom > "$FORESHIFT_DISKS/sdf/written"';

/** Lets the fault of one case happen to its workflow, and notes what the workflow does. */
export class CaseWatcher {
  readonly seen = new SeenActivities();
  /** Attempts that the fault met. */
  strikes = 0;
  handle: WorkflowHandle | null = null;
  private firstStrikeAtMs = 0;
  private hasWritten = false;

  constructor(
    private readonly world: World,
    private readonly scenario: Scenario,
    private readonly slot: Slot,
    private readonly faultCase: Pick<FaultCase, 'activity' | 'occurrence' | 'fault'> | null,
  ) {}

  async watch(point: Point, attempt: Attempt): Promise<Directive> {
    const noted = this.seen.note(attempt);
    const { turn, writesBefore } = this.scenario;
    if (point === 'begins' && writesBefore === attempt.activity && !this.hasWritten) await this.write();
    if (this.isStruck(point, noted)) {
      this.strikes += 1;
      this.firstStrikeAtMs ||= Date.now();
      const directive = await this.strike(attempt);
      if (directive.kind !== 'go') return directive;
    }
    if (turn !== undefined && turn.activity === attempt.activity && turn.occurrence === noted.occurrence && point === 'begins') return turn.directive;
    if (point === 'done') noted.isDone = true;
    return GO;
  }

  private isStruck(point: Point, { activity, occurrence }: { readonly activity: string; readonly occurrence: number }): boolean {
    if (this.faultCase === null) return false;
    const { fault } = this.faultCase;
    if (fault.at !== point || activity !== this.faultCase.activity || occurrence !== this.faultCase.occurrence) return false;
    const isOver = fault.lastsMs !== undefined && this.strikes > 0 && Date.now() > this.firstStrikeAtMs + fault.lastsMs;
    return this.strikes < fault.attempts && !isOver;
  }

  private async strike({ startToCloseMs }: Attempt): Promise<Directive> {
    const { strike } = this.faultCase?.fault ?? {};
    if (strike === undefined) return GO;
    if (strike.kind === 'directive') return strike.directive;
    if (strike.kind === 'outlive') return { kind: 'stall', ms: startToCloseMs + OUTLIVED_BY_MS };
    if (strike.kind === 'outage') {
      await this.world.outages.meet(strike.of, strike.afterMs);
      return GO;
    }
    const { handle } = this;
    if (strike.act === 'cancel') await patiently(async () => handle?.cancel());
    else if (strike.act === 'terminate') await patiently(async () => handle?.terminate('the matrix'));
    else await Promise.race([handle?.executeUpdate('abort', { args: [{ reason: 'a case of the matrix' }] }).catch(() => undefined), sleep(UPDATE_PATIENCE_MS)]);
    return GO;
  }

  private async write(): Promise<void> {
    this.hasWritten = true;
    await this.world.commands.run(this.slot.instanceIds[0] ?? '', WRITE, { withinMs: 20_000 });
  }
}
