import type { MetricSink, MetricWrite } from '../ports';
import { groupsInUse, type BalancerModel } from './balancer-model';
import { loadBalancerDimension, targetGroupDimension } from './elb-names';
import type { TargetState } from './target';

const NAMESPACE = 'AWS/ApplicationELB';
const PUBLISH_EVERY_MS = 1000;
// Response times are kept to 0.1 ms: equal ones share a point, which bounds the store's growth under load.
const STEPS_PER_SECOND = 10_000;

interface Tally {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly counts: Map<string, number>;
  readonly times: Map<number, number>;
}

export interface TrafficMetricsOptions {
  readonly sink: MetricSink;
  readonly model: () => BalancerModel;
  readonly statesOf: (groupArn: string) => readonly TargetState[];
}

/** Turns Envoy's access log into the metrics of AWS/ApplicationELB, once a second. Like AWS, silent where nothing happened. */
export class TrafficMetrics {
  private tallies = new Map<string, Tally>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: TrafficMetricsOptions) {
    this.timer = setInterval(() => this.publish(Date.now()), PUBLISH_EVERY_MS);
    this.timer.unref();
  }

  /** Counts one line of the access log. */
  record(entry: Record<string, unknown>): void {
    const { balancer, group, code, details, flags, targetMicros } = entry;
    if (typeof balancer !== 'string' || typeof code !== 'number') return;
    const scopes: Record<string, string>[] = [{ LoadBalancer: balancer }];
    if (typeof group === 'string') scopes.push({ LoadBalancer: balancer, TargetGroup: group });
    const fromTarget = details === 'via_upstream';
    for (const dimensions of scopes) {
      const tally = this.tally(dimensions);
      count(tally, 'RequestCount');
      if (fromTarget) count(tally, `HTTPCode_Target_${Math.floor(code / 100)}XX_Count`);
      else if (code >= 500) count(tally, 'HTTPCode_ELB_5XX_Count');
      // Envoy's flags: UF could not connect, UC connection broke, URX gave up retrying.
      if (typeof flags === 'string' && /\b(UF|UC|URX)\b/.test(flags)) count(tally, 'TargetConnectionErrorCount');
      if (fromTarget && typeof targetMicros === 'number') {
        const step = Math.round((targetMicros / 1_000_000) * STEPS_PER_SECOND);
        tally.times.set(step, (tally.times.get(step) ?? 0) + 1);
      }
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private publish(atMs: number): void {
    const writes: MetricWrite[] = [];
    for (const { dimensions, counts, times } of this.tallies.values()) {
      for (const [metric, value] of counts) writes.push({ namespace: NAMESPACE, metric, dimensions, atMs, values: [value], unit: 'Count' });
      if (times.size === 0) continue;
      const values = [...times.keys()].map((step) => step / STEPS_PER_SECOND);
      writes.push({ namespace: NAMESPACE, metric: 'TargetResponseTime', dimensions, atMs, values, counts: [...times.values()], unit: 'Seconds' });
    }
    this.tallies = new Map();
    this.options.sink.put([...writes, ...this.hostCounts(atMs)]);
  }

  private hostCounts(atMs: number): MetricWrite[] {
    const model = this.options.model();
    const writes: MetricWrite[] = [];
    for (const balancer of new Set(model.listeners.map(({ loadBalancerArn }) => loadBalancerArn))) {
      const listeners = model.listeners.filter(({ loadBalancerArn }) => loadBalancerArn === balancer);
      for (const arn of groupsInUse({ listeners, groups: model.groups })) {
        const states = this.options.statesOf(arn);
        const dimensions = { LoadBalancer: loadBalancerDimension(balancer), TargetGroup: targetGroupDimension(arn) };
        const number = (state: TargetState): number[] => [states.filter((one) => one === state).length];
        writes.push({ namespace: NAMESPACE, metric: 'HealthyHostCount', dimensions, atMs, values: number('healthy'), unit: 'Count' });
        writes.push({ namespace: NAMESPACE, metric: 'UnHealthyHostCount', dimensions, atMs, values: number('unhealthy'), unit: 'Count' });
      }
    }
    return writes;
  }

  private tally(dimensions: Readonly<Record<string, string>>): Tally {
    const key = `${dimensions['LoadBalancer'] ?? ''} ${dimensions['TargetGroup'] ?? ''}`;
    let tally = this.tallies.get(key);
    if (tally === undefined) this.tallies.set(key, (tally = { dimensions, counts: new Map(), times: new Map() }));
    return tally;
  }
}

function count(tally: Tally, metric: string): void {
  tally.counts.set(metric, (tally.counts.get(metric) ?? 0) + 1);
}
