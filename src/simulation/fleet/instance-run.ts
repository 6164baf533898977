import type { Shape } from '../../domain/shape';
import type { FleetCase, SimulatedInstance } from './fleet-case';

/** What an instance's time in the replay came to. Minutes above the limit, and above all that the shape has. */
export interface InstanceTotals {
  overloadMinutes: number;
  slaMinutes: number;
  usd: number;
  moves: number;
  pingPongs: number;
}

interface Move {
  readonly target: Shape;
  readonly servesAtMs: number;
  readonly endsAtMs: number;
}

/** One instance going through the replay: what serves, what is on its way, and what it has cost. */
export class InstanceRun {
  serving: Shape;
  /** The last move that is over. */
  lastMove: { readonly endedAtMs: number; readonly fromShape: string } | null = null;
  readonly totals: InstanceTotals = { overloadMinutes: 0, slaMinutes: 0, usd: 0, moves: 0, pingPongs: 0 };
  /** What it may become, rising. */
  readonly shapes: readonly Shape[];
  private move: Move | null = null;
  private before: { readonly shape: Shape; readonly leftAtMs: number } | null = null;

  constructor(
    readonly instance: SimulatedInstance,
    private readonly fleet: FleetCase,
  ) {
    this.serving = instance.shape;
    this.shapes = fleet.shapes.filter(({ family }) => fleet.families === 'any' || family === instance.shape.family).toSorted((a, b) => a.vcpus - b.vcpus || a.usdPerHour - b.usdPerHour);
  }

  get moving(): boolean {
    return this.move !== null;
  }

  /** Starts a move; one at a time. */
  begin(target: Shape, nowMs: number): void {
    if (this.move !== null || target.name === this.serving.name) return;
    const { estimate, pingPongMs } = this.fleet;
    this.move = { target, servesAtMs: nowMs + estimate.leadMs, endsAtMs: nowMs + estimate.doubleRunningMs };
    this.totals.moves += 1;
    if (this.before !== null && this.before.shape.name === target.name && nowMs - this.before.leftAtMs < pingPongMs) this.totals.pingPongs += 1;
  }

  /** Lets one step pass, which begins at `atMs`. A shape that begins to serve within it serves from the next step on. */
  pass(step: number, atMs: number): void {
    const { stepMs, limitPercent } = this.fleet;
    if (this.move !== null && this.move.servesAtMs <= atMs && this.serving !== this.move.target) {
      this.before = { shape: this.serving, leftAtMs: atMs };
      this.serving = this.move.target;
    }
    if (this.move !== null && this.move.endsAtMs <= atMs) {
      this.lastMove = { endedAtMs: atMs, fromShape: (this.before?.shape ?? this.serving).name };
      this.move = null;
    }
    const cpu = (this.instance.demandVcpus[step] as number) / this.serving.vcpus;
    if (Number.isNaN(cpu)) return;
    const memory = (this.instance.demandMemoryMiB?.[step] ?? NaN) / this.serving.memoryMiB;
    const minutes = stepMs / 60_000;
    if (cpu > limitPercent / 100 || memory > limitPercent / 100) this.totals.overloadMinutes += minutes;
    if (cpu > 1 || memory > 1) this.totals.slaMinutes += minutes;
    this.totals.usd += ((this.serving.usdPerHour + this.otherUsdPerHour()) * stepMs) / 3_600_000;
  }

  /** Both sides of a move are paid for. */
  private otherUsdPerHour(): number {
    if (this.move === null) return 0;
    return this.serving === this.move.target ? (this.before?.shape.usdPerHour ?? 0) : this.move.target.usdPerHour;
  }
}
