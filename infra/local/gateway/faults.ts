import type { AwsCall } from './operation';

export type FaultEffect =
  | { readonly kind: 'error'; readonly code: string; readonly status: number; readonly message: string }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection breaks before the call is executed. */
  | { readonly kind: 'dropBefore' }
  /** The call is executed, then its reply is lost. */
  | { readonly kind: 'dropAfter' }
  /** The call is answered as if it had been executed, and is not. */
  | { readonly kind: 'swallow' };

export type FaultRule = FaultEffect & {
  /** Service and operation, such as `ec2:RunInstances`. */
  readonly operation: string;
  /** Only calls whose parameters, as JSON, contain this text. */
  readonly match?: string | undefined;
  /** How many calls it hits; 0 means for ever. */
  readonly times: number;
  /** How many matching calls pass first. */
  readonly skip: number;
};

export interface Fault {
  readonly id: number;
  readonly rule: FaultRule;
  readonly seen: number;
  readonly fired: number;
}

/** What the faults want to happen to one call. */
export interface FaultVerdict {
  readonly delayMs: number;
  readonly effect: Exclude<FaultEffect, { kind: 'delay' }> | undefined;
}

/** The faults that are injected into calls. Delays add up; of the other kinds the first that applies wins. Dry runs, which ask and do nothing, are left alone: a rule means the act. */
export class Faults {
  private faults: { id: number; rule: FaultRule; seen: number; fired: number }[] = [];
  private lastId = 0;

  add(rule: FaultRule): Fault {
    const fault = { id: ++this.lastId, rule, seen: 0, fired: 0 };
    this.faults.push(fault);
    return fault;
  }

  list(): readonly Fault[] {
    return this.faults;
  }

  clear(): void {
    this.faults = [];
  }

  /** Counts the call against the rules and says what is to happen to it. */
  judge(call: AwsCall): FaultVerdict {
    if (call.params['DryRun'] === true) return { delayMs: 0, effect: undefined };
    const name = `${call.service}:${call.operation}`;
    let params: string | undefined;
    let delayMs = 0;
    for (const fault of this.faults) {
      const { rule } = fault;
      if (rule.operation !== name) continue;
      if (rule.match !== undefined && !(params ??= paramsText(call)).includes(rule.match)) continue;
      fault.seen += 1;
      if (fault.seen <= rule.skip || (rule.times > 0 && fault.fired >= rule.times)) continue;
      fault.fired += 1;
      if (rule.kind !== 'delay') return { delayMs, effect: rule };
      delayMs += rule.ms;
    }
    return { delayMs, effect: undefined };
  }
}

// Block data would make megabytes of text that nobody matches against.
function paramsText(call: AwsCall): string {
  return JSON.stringify({ ...call.params, BlockData: undefined });
}
