import type { RequestRouter } from '../activities/request-router-port';
import { createHaproxyRouter } from '../adapters/haproxy/request-router';
import { createRuntimeApi } from '../adapters/haproxy/runtime-api';
import { createHaproxyTraffic } from '../adapters/haproxy/traffic-adapter';
import type { HaproxyAddress } from '../contracts/config';
import { businessFailure } from '../contracts/errors';
import type { RoutedService } from '../domain/routing/routed-service';

/** The router of a service's balancer: an input names only what the worker was given, never an address. */
export function chooseRouter(haproxies: Readonly<Record<string, HaproxyAddress>>, elb: RequestRouter): (service: RoutedService) => RequestRouter {
  return ({ balancer }) => {
    if (balancer.kind === 'elbv2') return elb;
    const address = Object.hasOwn(haproxies, balancer.name) ? haproxies[balancer.name] : undefined;
    if (address === undefined) throw businessFailure('NotFound', `balancer.name is "${balancer.name}"; this worker knows ${Object.keys(haproxies).join(', ') || 'none'} (FORESHIFT_HAPROXY)`);
    const run = createRuntimeApi(address);
    return createHaproxyRouter(run, createHaproxyTraffic(run));
  };
}
