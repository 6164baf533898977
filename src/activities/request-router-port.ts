import type { Owner } from '../contracts/migration-activities';
import type { RoutedService } from '../domain/routing/routed-service';
import type { Routing } from '../domain/routing/routing-recommendation';
import type { MemberAddress, MemberTraffic } from './traffic-adapter-port';

/**
 * Routes a service's requests by their class before they reach an instance. It stands beside what the balancer does by itself and never changes that: `release` is
 * always the whole way back.
 */
export interface RequestRouter {
  /** Puts it into effect. @throws NotReadyYet while what it needs is being made */
  steer(owner: Owner, service: RoutedService, routing: Routing): Promise<void>;
  /** What the balancer serves otherwise than that, a sentence each; for null: than without Foreshift. Empty where all is as wanted. */
  deviations(owner: Owner, service: RoutedService, wanted: Routing | null): Promise<readonly string[]>;
  /** Requests go as without Foreshift. True for "was never steered". */
  release(owner: Owner, service: RoutedService): Promise<void>;
  /** After a release: nothing that was made for the routing is left. @throws NotReadyYet while requests are still in flight there */
  clear(owner: Owner, service: RoutedService): Promise<void>;
  /** What a member has in flight on all ways to it. */
  load(service: RoutedService, memberId: string): Promise<Pick<MemberTraffic, 'inFlight' | 'waiting'>>;
  /** The member is at another place now: its sessions go there. */
  follow(service: RoutedService, memberId: string, to: MemberAddress): Promise<void>;
}
