import type { OwnRunning } from '../../contracts/capacity-activities';
import type { Owner } from '../../contracts/migration-activities';
import type { CapacityNeedNow, HandOver, HandOverArgs, HeldCapacity, HoldCost, HoldStatus, PlacedOrder, PreAllocateInput, ScheduledRaise } from '../../contracts/pre-allocate-capacity';
import type { ReservationRef } from '../../contracts/migrate-instance';
import type { HoldPhase } from '../../domain/capacity/hold-phase';
import type { HeldSpan } from '../../domain/capacity/hold-report';
import { reportHold } from '../../domain/capacity/hold-report';

/** What crosses from one run of the workflow to the next. */
export interface HoldState {
  readonly held: readonly HeldCapacity[];
  readonly handedOver: readonly HandOver[];
  /** What is held no longer: given back or handed over. */
  readonly spent: readonly HeldSpan[];
  readonly refused: readonly string[];
  readonly step: number;
  readonly scheduled: ScheduledRaise | null;
  readonly planned: HoldCost | null;
  readonly order: PlacedOrder | null;
  /** What an operator must look at in the end, whatever else comes. */
  readonly doubts: readonly string[];
  /** Of the region's workers; null: the workflow's own. */
  readonly taskQueue: string | null;
}

export const NOTHING_HELD: HoldState = { held: [], handedOver: [], spent: [], refused: [], step: 0, scheduled: null, planned: null, order: null, doubts: [], taskQueue: null };

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

  get held(): readonly HeldCapacity[] {
    return this.state.held;
  }

  /** What of the pool's allocation is the hold's own, and runs. */
  running(): OwnRunning {
    const { autoScalingGroup: name } = this.input;
    return { owner: this.owner, group: name === undefined ? null : { name, count: this.heldAs('group').length } };
  }

  /** What of it is of this kind. */
  heldAs(kind: HeldCapacity['kind']): readonly HeldCapacity[] {
    return this.state.held.filter((one) => one.kind === kind);
  }

  get scheduled(): ScheduledRaise | null {
    return this.state.scheduled;
  }

  get planned(): HoldCost | null {
    return this.state.planned;
  }

  get order(): PlacedOrder | null {
    return this.state.order;
  }

  get doubts(): readonly string[] {
    return this.state.doubts;
  }

  note(change: Partial<Pick<HoldState, 'scheduled' | 'planned' | 'order'>>): void {
    this.state = { ...this.state, ...change };
  }

  doubt(sentence: string): void {
    this.state = { ...this.state, doubts: [...this.state.doubts, sentence] };
  }

  get handedOver(): readonly HandOver[] {
    return this.state.handedOver;
  }

  nextStep(): number {
    const { step } = this.state;
    this.state = { ...this.state, step: step + 1 };
    return step;
  }

  add(capacity: HeldCapacity): void {
    this.state = { ...this.state, held: [...this.state.held, capacity] };
  }

  refuse(sentence: string): void {
    this.state = { ...this.state, refused: [...this.state.refused, sentence].slice(-KEPT_REFUSALS) };
  }

  remove(ids: readonly string[]): void {
    const { held, spent } = this.state;
    const gone = held.filter(({ id }) => ids.includes(id));
    this.state = { ...this.state, held: held.filter((one) => !gone.includes(one)), spent: [...spent, ...gone.map((one) => spanOf(one, Date.now()))] };
  }

  /** Gives a reservation away, in one step: no other claim can get it. The same claim gets the same one again. */
  handOver({ claimId, by, zone, shape }: HandOverArgs): ReservationRef | null {
    const earlier = this.state.handedOver.find((one) => one.claimId === claimId);
    const reservation = earlier?.reservation ?? [...this.heldAs('reservation'), ...this.heldAs('committed')].find((one) => one.zone === zone && one.shape === shape);
    if (reservation === undefined || this.phase === 'ended') return null;
    if (earlier === undefined) {
      this.remove([reservation.id]);
      this.state = { ...this.state, handedOver: [...this.state.handedOver, { claimId, by, atMs: Date.now(), reservation, wouldHaveFailed: null }] };
    }
    // A place in an order has the order's id and a number.
    return { reservationId: reservation.id.split('/')[0] ?? reservation.id, zone, shape };
  }

  judge(claimId: string, wouldHaveFailed: boolean): void {
    this.state = { ...this.state, handedOver: this.state.handedOver.map((one) => (one.claimId === claimId ? { ...one, wouldHaveFailed } : one)) };
  }

  report() {
    return reportHold([...this.state.spent, ...this.state.held.map((one) => spanOf(one, null))], this.state.handedOver, Date.now());
  }

  status(): HoldStatus {
    const { pool, window } = this.input;
    const { held, handedOver, refused, scheduled, planned, order } = this.state;
    return { pool, window, phase: this.phase, need: this.need, reserveAtMs: this.reserveAtMs, held, scheduled, handedOver, planned, order, report: this.report(), refused, left: this.left };
  }

  carryOver(): HoldState {
    return this.state;
  }

  get refused(): readonly string[] {
    return this.state.refused;
  }
}

function spanOf({ usdPerHour, bestUsdPerHour, sinceMs }: HeldCapacity, untilMs: number | null): HeldSpan {
  return { usdPerHour, bestUsdPerHour, sinceMs, untilMs };
}
