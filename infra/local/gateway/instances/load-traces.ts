/** A recorded or invented course of one metric of one instance. */
export interface LoadTrace {
  readonly metric: string;
  readonly startAtMs: number;
  readonly periodSeconds: number;
  readonly values: readonly number[];
}

/** The traces that replace real measurements. */
export class LoadTraces {
  private readonly traces = new Map<string, Map<string, LoadTrace>>();

  set(instanceId: string, trace: LoadTrace): void {
    const ofInstance = this.traces.get(instanceId) ?? new Map<string, LoadTrace>();
    ofInstance.set(trace.metric, trace);
    this.traces.set(instanceId, ofInstance);
  }

  remove(instanceId: string): void {
    this.traces.delete(instanceId);
  }

  /** The values that traces give for this moment, by metric. Before its start a trace says nothing; its last value stays. */
  valuesAt(instanceId: string, nowMs: number): ReadonlyMap<string, number> {
    const values = new Map<string, number>();
    for (const trace of this.traces.get(instanceId)?.values() ?? []) {
      const at = Math.floor((nowMs - trace.startAtMs) / (trace.periodSeconds * 1000));
      const value = at < 0 ? undefined : trace.values[Math.min(at, trace.values.length - 1)];
      if (value !== undefined) values.set(trace.metric, value);
    }
    return values;
  }
}
