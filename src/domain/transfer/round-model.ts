/** What a round of the pre-copy came to. */
export interface RoundMeasure {
  /** From the start of the round before to the start of this one: when its changes were made. Of no meaning for the first. */
  readonly intervalMs: number;
  readonly durationMs: number;
  /** Of it, how long something was on its way. */
  readonly sendingMs: number;
  /** What of that the least that could be sent would take. */
  readonly latencyMs: number;
  /** Bytes of content that differed. */
  readonly changedBytes: number;
}

/** What the rounds so far say about the next. */
export interface RoundModel {
  /** Bytes a second that become different. */
  readonly dirtyBytesPerSecond: number;
  /** Bytes a second that are sent and written. */
  readonly throughputBytesPerSecond: number;
  /** What a round takes besides, however little it sends: walking, reading what did not change, answers. */
  readonly fixedMs: number;
}

/** Rounds that the model looks at: older ones were made by another load. */
const RECENT = 3;

/** Reads the model off the rounds; null before the second, which is the first to tell what changes meanwhile. */
export function modelOf(rounds: readonly RoundMeasure[]): RoundModel | null {
  const [first, ...later] = rounds;
  if (first === undefined || later.length === 0) return null;
  const recent = later.slice(-RECENT);
  const throughput = Math.max(1, ...rounds.map(({ changedBytes, sendingMs }) => (1000 * changedBytes) / Math.max(1, sendingMs)));
  return {
    dirtyBytesPerSecond: median(recent.map(({ changedBytes, intervalMs }) => (1000 * changedBytes) / Math.max(1, intervalMs))),
    throughputBytesPerSecond: throughput,
    fixedMs: median(recent.map(({ durationMs, sendingMs, latencyMs }) => durationMs - Math.max(0, sendingMs - latencyMs))),
  };
}

/** How long the next round takes if it follows a round of that length at once. */
export function nextRoundMs(model: RoundModel, lastRoundMs: number): number {
  return model.fixedMs + (lastRoundMs * model.dirtyBytesPerSecond) / model.throughputBytesPerSecond;
}

/** The length that rounds come down to; infinite where more becomes different than can be sent. */
export function shortestRoundMs({ dirtyBytesPerSecond, throughputBytesPerSecond, fixedMs }: RoundModel): number {
  const ratio = dirtyBytesPerSecond / throughputBytesPerSecond;
  return ratio < 1 ? fixedMs / (1 - ratio) : Infinity;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
