import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { RecommendArgs, RoutingActivities, RoutingWatch } from '../../contracts/route-requests';
import type { RoutedService } from '../../domain/routing/routed-service';
import type { RoutingOutlook } from '../../domain/routing/routing-outlook';
import { SLOW_READ, say } from '../activity-proxies';
import { sentenceOf } from '../sentence-of';

const EVERY_MS = 120_000;
const HORIZON_MS = 1_800_000;

const reads = proxyActivities<Pick<RoutingActivities, 'forecastMembers'>>(SLOW_READ);

/** Forecasts the members of a service again and again. */
export class ForecastWatch {
  nextAtMs = 0;

  /** @param origin the forecast that the routing in effect began with */
  constructor(
    private readonly service: RoutedService,
    private readonly watch: RoutingWatch,
    public origin: RoutingOutlook | null,
  ) {}

  /** A forecast where one is due; null where none is, or none can be made: what is in effect then ends by itself. */
  async look(isRouted: boolean, onFailure: (why: string) => void): Promise<RecommendArgs | null> {
    if (Date.now() < this.nextAtMs) return null;
    const { classShares, everyMs = EVERY_MS, horizonMs = HORIZON_MS } = this.watch;
    this.nextAtMs = Date.now() + everyMs;
    if (!isRouted) this.origin = null;
    try {
      const outlook = await say(reads.forecastMembers, 'Forecast the members', { service: this.service, classShares, horizonMs, before: this.origin });
      this.origin ??= outlook;
      return { outlook };
    } catch (error) {
      if (isCancellation(error)) throw error;
      onFailure(`watch: ${sentenceOf(error)}`);
      return null;
    }
  }
}
