import type { Owner } from '../../contracts/migration-activities';
import type { CapacityNeedNow, HandOver, HandOverArgs, HeldReservation, HoldStatus, PreAllocateInput } from '../../contracts/pre-allocate-capacity';
import type { ReservationRef } from '../../contracts/migrate-instance';
import type { HoldPhase } from '../../domain/capacity/hold-phase';
import type { HeldSpan } from '../../domain/capacity/hold-report';
import { reportHold } from '../../domain/capacity/hold-report';

/** What crosses from one run of the workflow to the next. */
export interface HoldState {
  readonly held: readonly HeldReservation[];
  readonly handedOver: readonly HandOver[];
  /** What is held no longer: given back or handed over. */
  readonly spent: readonly HeldSpan[];
  readonly refused: readonly string[];
  readonly step: number;
  /** Of the region's workers; null: the workflow's own. */
  readonly taskQueue: string | null;
}

export const NOTHING_HELD: HoldState = { held: [], handedOver: [], spent: [], refused: [], step: 0, taskQueue: null };

const KEPT_REFUSALS = 20;

/** The capacity that is held for a pool: what it is, what it cost, and who got it. */
export class Hold {
  phase: HoldPhase = 'watching';
  need: CapacityNeedNow | null = null;
  reserveAtMs: number | null = null;
  left: readonly string[] = [];

  constructor(
    readonly input: PreAllocateInput,
    readonly owner: Owner,
    private state: HoldState,
  ) {}

  get taskQueue(): string | null {
    return this.state.taskQueue;
  }

  set taskQueue(taskQueue: string | null) {
    this.state = { ...this.state, taskQueue };
  }

  get held(): readonly HeldReservation[] {
    return this.state.held;
  }

  get handedOver(): readonly HandOver[] {
    return this.state.handedOver;
  }

  nextStep(): number {
    const { step } = this.state;
    this.state = { ...this.state, step: step + 1 };
    return step;
  }

  add(reservation: HeldReservation): void {
    this.state = { ...this.state, held: [...this.state.held, reservation] };
  }

  refuse(sentence: string): void {
    this.state = { ...this.state, refused: [...this.state.refused, sentence].slice(-KEPT_REFUSALS) };
  }

  remove(reservationIds: readonly string[]): void {
    const { held, spent } = this.state;
    const gone = held.filter(({ reservationId }) => reservationIds.includes(reservationId));
    this.state = { ...this.state, held: held.filter((one) => !gone.includes(one)), spent: [...spent, ...gone.map((one) => spanOf(one, Date.now()))] };
  }

  /** Gives a reservation away, in one step: no other claim can get it. The same claim gets the same one again. */
  handOver({ claimId, by, zone, shape }: HandOverArgs): ReservationRef | null {
    const earlier = this.state.handedOver.find((one) => one.claimId === claimId);
    const reservation = earlier?.reservation ?? this.state.held.find((one) => one.zone === zone && one.shape === shape);
    if (reservation === undefined || this.phase === 'ended') return null;
    if (earlier === undefined) {
      this.remove([reservation.reservationId]);
      this.state = { ...this.state, handedOver: [...this.state.handedOver, { claimId, by, atMs: Date.now(), reservation, wouldHaveFailed: null }] };
    }
    return { reservationId: reservation.reservationId, zone, shape };
  }

  judge(claimId: string, wouldHaveFailed: boolean): void {
    this.state = { ...this.state, handedOver: this.state.handedOver.map((one) => (one.claimId === claimId ? { ...one, wouldHaveFailed } : one)) };
  }

  report() {
    return reportHold([...this.state.spent, ...this.state.held.map((one) => spanOf(one, null))], this.state.handedOver, Date.now());
  }

  status(): HoldStatus {
    const { pool, window } = this.input;
    const { held, handedOver, refused } = this.state;
    return { pool, window, phase: this.phase, need: this.need, reserveAtMs: this.reserveAtMs, held, handedOver, report: this.report(), refused, left: this.left };
  }

  carryOver(): HoldState {
    return this.state;
  }

  get refused(): readonly string[] {
    return this.state.refused;
  }
}

function spanOf({ usdPerHour, bestUsdPerHour, sinceMs }: HeldReservation, untilMs: number | null): HeldSpan {
  return { usdPerHour, bestUsdPerHour, sinceMs, untilMs };
}
