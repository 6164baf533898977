/** One call that the gateway received. */
export interface LoggedCall {
  readonly seq: number;
  readonly atMs: number;
  readonly service: string;
  readonly operation: string;
  readonly mutating: boolean;
  readonly accessKeyId: string;
  /** `OK`, an AWS error code, or `Dropped...` when an injected fault lost the call or its reply; `Pending` until then. */
  outcome: string;
}

const MOST_CALLS = 50_000;
const READS = /^(Describe|Get|List|Search)/;

/** Remembers the latest calls, so that a test can say what was asked of the cloud and what was not. */
export class CallLog {
  private readonly calls: LoggedCall[] = [];
  private lastSeq = 0;

  /** Records a call as pending; the caller sets `outcome` when it is known. */
  add(call: { service: string; operation: string; accessKeyId: string; dryRun: boolean }): LoggedCall {
    const { service, operation, accessKeyId, dryRun } = call;
    const mutating = !dryRun && !READS.test(operation);
    const entry: LoggedCall = {
      seq: ++this.lastSeq,
      atMs: Date.now(),
      service,
      operation,
      mutating,
      accessKeyId,
      outcome: 'Pending',
    };
    this.calls.push(entry);
    if (this.calls.length > MOST_CALLS) this.calls.shift();
    return entry;
  }

  /** The calls after `seq`. */
  since(seq: number): readonly LoggedCall[] {
    return this.calls.filter((call) => call.seq > seq);
  }
}
