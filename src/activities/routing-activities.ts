import { businessFailure, retryableFailure } from '../contracts/errors';
import type { LeavingMember, RoutingActivities } from '../contracts/route-requests';
import { subjectName, type ResourceForecast } from '../domain/forecast';
import { quantileAt } from '../domain/quantile-function';
import { outlookWhileRouted } from '../domain/routing/outlook-while-routed';
import { recommendRouting } from '../domain/routing/recommend-routing';
import type { RoutedService } from '../domain/routing/routed-service';
import type { MemberOutlook } from '../domain/routing/routing-outlook';
import type { RoutingPolicy } from '../domain/routing/routing-policy';
import type { LoadOwner } from './forecast-loads';
import type { RequestRouter } from './request-router-port';

const WHOLE_PERCENT = 100;

export interface RoutingDependencies {
  /** @throws NotFound for a balancer that this worker does not know */
  readonly routerOf: (service: RoutedService) => RequestRouter;
  /** Forecasts of all loads of these instances. */
  readonly forecast: (owners: readonly LoadOwner[], horizonMs: number) => Promise<readonly ResourceForecast[]>;
  readonly policy: RoutingPolicy;
  readonly now: () => number;
}

/** Decides on the routing of requests, sets it, and reads it back. */
export function createRoutingActivities({ routerOf, forecast, policy, now }: RoutingDependencies): RoutingActivities {
  return {
    async forecastMembers({ service, classShares, horizonMs, before }) {
      const instances = service.members.map(({ memberId, instanceId = memberId }) => ({ memberId, instanceId }));
      const forecasts = await forecast(instances.map(({ instanceId }) => ({ instanceId, service: service.service })), horizonMs);
      const seen = { atMs: now(), horizonMs, classShares, members: instances.map((one) => cpuOutlook(one, forecasts, policy)) };
      return outlookWhileRouted(before, seen, policy.riskLevel);
    },
    async decideRouting({ service, outlook, current }) {
      // A balancer that nobody knows is told before anything is begun.
      routerOf(service);
      return recommendRouting(service, outlook, current, policy, now());
    },
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

/** Percent of the instance's own CPU. Two quantiles of it: a workflow carries no forecasts. */
function cpuOutlook({ memberId, instanceId }: { readonly memberId: string; readonly instanceId: string }, forecasts: readonly ResourceForecast[], { riskLevel }: RoutingPolicy): MemberOutlook {
  const found = forecasts.find(({ subject, metric }) => metric === 'cpuPercent' && subjectName(subject) === instanceId);
  if (found === undefined) throw businessFailure('NotFound', `the CPU of ${instanceId} cannot be forecast: too little of it is known`);
  const peak = { levels: found.levels, values: found.peak };
  return { memberId, capacity: WHOLE_PERCENT, load: [0.5, riskLevel].map((level) => ({ level, value: quantileAt(peak, level) })) };
}

/** What was accepted is not yet what is served: it is set again until it reads back as intended. */
function requireNone(deviations: readonly string[]): void {
  if (deviations.length > 0) throw retryableFailure('NotReadyYet', deviations.slice(0, 5).join('; '));
}

/** What waits for it will be in flight there. */
function inFlightOf({ inFlight, waiting }: { readonly inFlight: number | null; readonly waiting: number | null }): number | null {
  return inFlight === null ? null : inFlight + (waiting ?? 0);
}
