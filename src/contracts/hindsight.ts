export interface LookBackArgs {
  /** Migrations that ended within it are looked at. */
  readonly sinceMs: number;
  readonly limit: number;
}

export interface LookedBack {
  /** Records that were written now. */
  readonly told: number;
  /** Of these the forecast contention would have come. */
  readonly contention: number;
  /** Of these it would not have, though it was forecast. */
  readonly falseAlarms: number;
  /** Whose forecast's time is not over, or of which too little was seen so far. */
  readonly open: number;
}

export interface HindsightActivities {
  /** Tells the audit, once for each migration that ended, what came of the load that it was decided on. */
  lookBack(args: LookBackArgs): Promise<LookedBack>;
}
