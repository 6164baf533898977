import type { MoveRequest } from './move-request';
import type { QueuePolicy } from './queue-policy';
import type { EndedItem, QueueState } from './queue-state';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** What counts against the limits at one instant: moves that run, moves that began lately, and those chosen since. */
export class MoveLedger {
  fleet = 0;
  startsInHour = 0;
  costInDayUsd = 0;
  private readonly pools = new Map<string, number>();
  private readonly services = new Map<string, number>();
  private readonly endedByInstance = new Map<string, EndedItem[]>();
  private readonly endedByReplacement = new Map<string, EndedItem>();

  constructor(
    state: QueueState,
    private readonly policy: QueuePolicy,
    private readonly nowMs: number,
  ) {
    for (const { request, startedAtMs } of state.running) {
      this.occupy(request);
      this.spend(startedAtMs, request.costUsd);
    }
    for (const item of state.ended) {
      if (item.startedAtMs === null) continue;
      this.spend(item.startedAtMs, item.costUsd);
      this.endedByInstance.set(item.instanceId, [...(this.endedByInstance.get(item.instanceId) ?? []), item]);
      if (item.replacementId !== null) this.endedByReplacement.set(item.replacementId, item);
    }
  }

  /** A move that begins now. */
  begin(request: MoveRequest): void {
    this.occupy(request);
    this.spend(this.nowMs, request.costUsd);
  }

  inPool(pool: string): number {
    return this.pools.get(pool) ?? 0;
  }

  inService(service: string): number {
    return this.services.get(service) ?? 0;
  }

  /** Pools in which no further move may begin or end. */
  fullPools(): string[] {
    return [...this.pools].filter(([, moves]) => moves >= this.policy.maxConcurrent.pool).map(([pool]) => pool);
  }

  /** Until when an instance rests: it, or the one that it replaced, moved lately. Null where it does not rest. */
  restsUntilMs(instanceId: string): number | null {
    const began = this.lineage(instanceId).filter(({ outcome }) => outcome !== 'refused');
    const untilMs = Math.max(...began.map(({ endedAtMs }) => endedAtMs + this.policy.cooldownMs));
    return untilMs > this.nowMs ? untilMs : null;
  }

  /** Pools that an instance or its forerunners left so lately that it may not go back. */
  pastPools(instanceId: string): string[] {
    const left = this.lineage(instanceId).filter((move) => move.outcome === 'moved' && move.fromPool !== move.toPool && move.endedAtMs + this.policy.noReturnMs > this.nowMs);
    return [...new Set(left.map(({ fromPool }) => fromPool))];
  }

  /** Moves of the instance, of the one that it replaced, of the one that that one replaced, and so on. */
  private lineage(instanceId: string): EndedItem[] {
    const moves: EndedItem[] = [];
    const seen = new Set<string>();
    for (let id: string | undefined = instanceId; id !== undefined && !seen.has(id); ) {
      seen.add(id);
      moves.push(...(this.endedByInstance.get(id) ?? []));
      const born = this.endedByReplacement.get(id);
      if (born !== undefined) moves.push(born);
      id = born?.instanceId;
    }
    return moves;
  }

  private occupy(request: MoveRequest): void {
    this.fleet += 1;
    for (const pool of new Set([request.sourcePool, request.targetPool ?? request.sourcePool])) this.pools.set(pool, this.inPool(pool) + 1);
    this.services.set(request.service, this.inService(request.service) + 1);
  }

  private spend(startedAtMs: number, costUsd: number): void {
    if (startedAtMs > this.nowMs - HOUR_MS) this.startsInHour += 1;
    if (startedAtMs > this.nowMs - DAY_MS) this.costInDayUsd += costUsd;
  }
}
