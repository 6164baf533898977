/** One shape that could serve. Arrays and counts are in blocks of time from now. */
export interface ShapeOption {
  readonly usdPerHour: number;
  /** Chance (0..1) of overload in each block. */
  readonly chance: ArrayLike<number>;
  /** What moving to it costs: double running, transfer, and the risk in money. Of no meaning for the present one. */
  readonly moveUsd: number;
}

export interface ScheduleInput {
  readonly options: readonly ShapeOption[];
  /** Place of the present shape among the options. */
  readonly present: number;
  readonly blockMs: number;
  /** A new shape cannot serve before this block: launch, sync and ramp take their time, a cooldown may take more. */
  readonly earliestBlock: number;
  /** A shape that began to serve goes on for at least so many blocks: the rest of its move, the next one's lead, and any cooldown between. */
  readonly dwellBlocks: number;
  readonly overloadUsdPerHour: number;
}

export interface ShapeChange {
  /** Place of the shape among the options. */
  readonly option: number;
  /** The first block in which it serves. */
  readonly block: number;
}

/** The cheapest way through the horizon, beside that of staying. Minutes are expected values. */
export interface ShapeSchedule {
  readonly usd: number;
  readonly stayUsd: number;
  readonly overloadMinutes: number;
  readonly stayOverloadMinutes: number;
  /** In the order of time; empty where staying is cheapest. */
  readonly changes: readonly ShapeChange[];
}

/**
 * Which shape should serve when: the least sum of price, expected overload and moves over the horizon, by dynamic programming over blocks of time from the end
 * (Bellman 1957). It answers at once whether to move, to what, and how late the move may begin: a change that pays only later is found later.
 */
export function planShapeSchedule(input: ScheduleInput): ShapeSchedule {
  const { options, present, blockMs, earliestBlock, dwellBlocks, overloadUsdPerHour } = input;
  const hours = blockMs / 3_600_000;
  const count = options.length;
  const blocks = options[present]?.chance.length ?? 0;
  // Price and expected overload of serving with s in all blocks before b: differences are sums over blocks.
  const until = options.map(({ usdPerHour, chance }) => {
    const sums = new Float64Array(blocks + 1);
    for (let b = 0; b < blocks; b++) sums[b + 1] = (sums[b] as number) + (usdPerHour + overloadUsdPerHour * (chance[b] as number)) * hours;
    return sums;
  });
  const between = (s: number, from: number, to: number): number => ((until[s] as Float64Array)[to] as number) - ((until[s] as Float64Array)[from] as number);
  const dwell = Math.max(1, dwellBlocks);
  // Least cost from block b on when s serves in b and may give way after it; one row more than blocks, of zeros: nothing counts after the end.
  const ahead = new Float64Array((blocks + 1) * count);
  const next = new Uint8Array(blocks * count);
  for (let b = blocks - 1; b >= 0; b--) {
    const held = Math.min(blocks, b + dwell);
    for (let s = 0; s < count; s++) {
      let best = ahead[(b + 1) * count + s] as number;
      let choice = s;
      for (let t = 0; t < count && b + 1 >= earliestBlock && b + 1 < blocks; t++) {
        if (t === s) continue;
        const usd = (options[t] as ShapeOption).moveUsd + between(t, b + 1, held) + (ahead[held * count + t] as number);
        if (usd < best) {
          best = usd;
          choice = t;
        }
      }
      ahead[b * count + s] = between(s, b, b + 1) + best;
      next[b * count + s] = choice;
    }
  }
  const changes = changesOf(next, count, present, blocks, dwell);
  const serving = (b: number): number => changes.findLast(({ block }) => block <= b)?.option ?? present;
  return {
    usd: ahead[present] ?? 0,
    stayUsd: between(present, 0, blocks),
    overloadMinutes: expectedMinutes(options, serving, blocks, blockMs),
    stayOverloadMinutes: expectedMinutes(options, () => present, blocks, blockMs),
    changes,
  };
}

function changesOf(next: Uint8Array, count: number, present: number, blocks: number, dwell: number): ShapeChange[] {
  const changes: ShapeChange[] = [];
  let serving = present;
  for (let b = 0; b + 1 < blocks; ) {
    const then = next[b * count + serving] as number;
    if (then === serving) {
      b += 1;
      continue;
    }
    changes.push({ option: then, block: b + 1 });
    serving = then;
    b = Math.min(blocks, b + dwell);
  }
  return changes;
}

function expectedMinutes(options: readonly ShapeOption[], serving: (block: number) => number, blocks: number, blockMs: number): number {
  let minutes = 0;
  for (let b = 0; b < blocks; b++) minutes += ((options[serving(b)] as ShapeOption).chance[b] as number) * (blockMs / 60_000);
  return minutes;
}
