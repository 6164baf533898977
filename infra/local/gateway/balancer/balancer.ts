import { join } from 'node:path';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ControlRoute } from '../control/control-route';
import type { ServiceOperations } from '../operation';
import type { CloudDelays, InstanceDirectory, MetricSink } from '../ports';
import { EMPTY_MODEL, readBalancerModel, type BalancedGroup } from './balancer-model';
import { forwardElbCall } from './elb-upstream';
import { EnvoyTraffic } from './envoy-traffic';
import { listenerOperations } from './listener-operations';
import { Propagation } from './propagation';
import { targetOperations } from './target-operations';
import { TargetRegistry } from './target-registry';
import { TrafficMetrics } from './traffic-metrics';

const DEFAULT_SPEEDUP = 20;

export interface BalancerOptions {
  readonly motoUrl: string;
  readonly directory: InstanceDirectory;
  readonly sink: MetricSink;
  readonly delays: CloudDelays;
  /** The Envoy program; without it the API works and no traffic flows. */
  readonly envoyPath: string | undefined;
  /** Envoy's files; emptied of an earlier run's configuration. */
  readonly dataDir: string;
  readonly region: string;
  /** How long groups drain that have AWS's default delay of 300 s. */
  readonly drainDefaultMs?: number;
  /** How much faster than configured health checks and draining run. */
  readonly healthCheckSpeedup?: number;
}

export interface Balancer {
  readonly operations: ServiceOperations;
  readonly controlRoutes: readonly ControlRoute[];
  stop(): Promise<void>;
}

/** The load balancers of the local cloud: moto keeps the configuration, Envoy carries the traffic. */
export async function createBalancer(options: BalancerOptions): Promise<Balancer> {
  const { motoUrl, region, delays } = options;
  const client = new ElasticLoadBalancingV2Client({
    endpoint: motoUrl,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  let model = EMPTY_MODEL;
  let generation = 0;

  const registry = new TargetRegistry({
    directory: options.directory,
    speedup: options.healthCheckSpeedup ?? DEFAULT_SPEEDUP,
    drainDefaultMs: options.drainDefaultMs,
    onChange: () => push.request(0),
  });
  const metrics = new TrafficMetrics({
    sink: options.sink,
    model: () => model,
    statesOf: (arn) => registry.of(arn).map(({ health }) => health.state),
  });
  const traffic =
    options.envoyPath === undefined
      ? undefined
      : await EnvoyTraffic.prepare({
          envoyPath: options.envoyPath,
          dataDir: join(options.dataDir, 'envoy'),
          onAccess: (entry) => metrics.record(entry),
        });

  const placed = (arn: string) =>
    registry.of(arn).flatMap((target) => {
      const address = registry.address(target);
      return address === undefined ? [] : [{ target, address }];
    });
  const push = new Propagation(async () => {
    await traffic?.apply(model, placed);
  });
  const refresh = new Propagation(async () => {
    model = await readBalancerModel(client);
    registry.setModel(model);
    push.request(0);
  });
  const findGroup = async (arn: string): Promise<BalancedGroup | undefined> => {
    if (!model.groups.has(arn)) {
      model = await readBalancerModel(client);
      registry.setModel(model);
    }
    return model.groups.get(arn);
  };
  // A gateway may start on a moto that already has balancers.
  refresh.request(0);

  const operations = {
    ...listenerOperations({
      forward: (call) => forwardElbCall(motoUrl, call),
      isKnownGroup: async (arn) => (await findGroup(arn)) !== undefined,
      onChange: () => {
        generation += 1;
        refresh.request(delays.balancerPropagationMs);
      },
    }),
    ...targetOperations(registry, findGroup),
  };

  const controlRoutes: ControlRoute[] = [
    {
      method: 'GET',
      path: '/_local/balancers',
      handler: () =>
        model.listeners.map(({ loadBalancerArn, listenerArn }) => ({
          loadBalancerArn,
          listenerArn,
          url: traffic?.url(listenerArn) ?? null,
          ...(traffic === undefined ? { note: 'No traffic: the local cloud was started without Envoy.' } : { envoyPid: traffic.pid }),
        })),
    },
    {
      method: 'GET',
      path: '/_local/balancers/applied',
      handler: async () => {
        const error = refresh.lastError ?? push.lastError;
        const settled = refresh.idle && push.idle && error === undefined;
        return {
          applied: settled && traffic !== undefined && (await traffic.isLive()) && refresh.idle && push.idle,
          generation,
          ...(error === undefined ? {} : { error }),
        };
      },
    },
  ];

  return {
    operations: { service: 'elasticloadbalancing', operations },
    controlRoutes,
    stop: async () => {
      registry.stop();
      metrics.stop();
      await refresh.stop();
      await push.stop();
      await traffic?.stop();
      client.destroy();
    },
  };
}
