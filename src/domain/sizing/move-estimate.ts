/** How long the parts of a move take, in ms: the chosen quantile of what was measured, or the estimate where too little was. */
export interface MoveDurations {
  readonly launchMs: number;
  readonly syncMs: number;
  readonly rampMs: number;
  readonly bakeMs: number;
}

/** What a move takes. */
export interface MoveEstimate {
  /** From the start until the replacement carries the load. */
  readonly leadMs: number;
  /** From the launch until the source is gone: both are paid for. */
  readonly doubleRunningMs: number;
  readonly syncBytes: number;
}

/**
 * Lead and double running of one move: the first copy of its state and the rounds after it come on top of the parts that do not depend on it.
 *
 * @param stateBytes what the volumes hold
 * @param bytesPerSecond throughput of the transfer
 */
export function estimateMove({ launchMs, syncMs, rampMs, bakeMs }: MoveDurations, stateBytes: number, bytesPerSecond: number): MoveEstimate {
  const copyMs = (stateBytes / bytesPerSecond) * 1000;
  const leadMs = launchMs + syncMs + copyMs + rampMs;
  return { leadMs, doubleRunningMs: leadMs + bakeMs, syncBytes: stateBytes };
}
