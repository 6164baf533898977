import { businessFailure, retryableFailure } from '../contracts/errors';
import type { LeavingMember, RoutingActivities } from '../contracts/route-requests';
import { recommendRouting } from '../domain/routing/recommend-routing';
import type { RoutedService } from '../domain/routing/routed-service';
import type { RoutingPolicy } from '../domain/routing/routing-policy';
import type { RequestRouter } from './request-router-port';

export interface RoutingDependencies {
  /** @throws NotFound for a balancer that this worker does not know */
  readonly routerOf: (service: RoutedService) => RequestRouter;
  readonly policy: RoutingPolicy;
  readonly now: () => number;
}

/** Decides on the routing of requests, sets it, and reads it back. */
export function createRoutingActivities({ routerOf, policy, now }: RoutingDependencies): RoutingActivities {
  return {
    decideRouting: async ({ service, outlook, current }) => recommendRouting(service, outlook, current, policy, now()),
    async steerRequests({ owner, service, routing }) {
      if (now() >= routing.untilMs) throw businessFailure('StaleDecision', `the recommendation ended at ${new Date(routing.untilMs).toISOString()}`);
      const router = routerOf(service);
      await router.steer(owner, service, routing);
      requireNone(await router.deviations(owner, service, routing));
    },
    async verifyRouting({ owner, service, routing, leaving }) {
      const router = routerOf(service);
      const members: LeavingMember[] = [];
      for (const memberId of leaving) members.push({ memberId, inFlight: inFlightOf(await router.load(service, memberId)) });
      return { deviations: await router.deviations(owner, service, routing), leaving: members };
    },
    async releaseRequests({ owner, service }) {
      const router = routerOf(service);
      await router.release(owner, service);
      requireNone(await router.deviations(owner, service, null));
    },
    clearRouting: ({ owner, service }) => routerOf(service).clear(owner, service),
    followMember: ({ service, memberId, host, port }) => routerOf(service).follow(service, memberId, { host, port }),
  };
}

/** What was accepted is not yet what is served: it is set again until it reads back as intended. */
function requireNone(deviations: readonly string[]): void {
  if (deviations.length > 0) throw retryableFailure('NotReadyYet', deviations.slice(0, 5).join('; '));
}

/** What waits for it will be in flight there. */
function inFlightOf({ inFlight, waiting }: { readonly inFlight: number | null; readonly waiting: number | null }): number | null {
  return inFlight === null ? null : inFlight + (waiting ?? 0);
}
