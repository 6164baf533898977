/** A member of a route as the balancer itself tells it. */
export interface MemberTraffic {
  /** HAProxy: the server's name; ELBv2: the target group's ARN. */
  readonly memberId: string;
  /** 0: nothing new, but for sessions that stick to it. */
  readonly weight: number;
  readonly state: 'ready' | 'draining' | 'maintenance' | 'down';
  /** Requests (of TCP: connections) that it works on now, and those that wait for it; null where the balancer does not tell. */
  readonly inFlight: number | null;
  readonly waiting: number | null;
}

/** What keeps a client with its member, and for how many clients; null where the balancer does not count. */
export interface Stickiness {
  readonly kind: 'none' | 'cookie' | 'table';
  readonly sessions: number | null;
}

/** `host` is an address; for ELBv2 an instance id. */
export interface MemberAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * What every load balancer can do with the members of a route (HAProxy: a backend; ELBv2: a listener or a rule). Every effect can be read back by `members`; who sets one
 * looks there before it counts as done. All calls may be repeated.
 */
export interface TrafficAdapter {
  /** In the balancer's order. @throws NotFound where there is no such route */
  members(route: string): Promise<readonly MemberTraffic[]>;
  /** Members that are not named keep their weights. @throws NotFound for a member that is not there */
  weigh(route: string, weights: Readonly<Record<string, number>>): Promise<void>;
  /** Nothing new goes to it; what is in flight ends. Its sessions stay with it (HAProxy) until it is gone. */
  drain(route: string, memberId: string): Promise<void>;
  resume(route: string, memberId: string, weight: number): Promise<void>;
  stickiness(route: string): Promise<Stickiness>;
  /** The member is at another place now, and its sessions follow it there. @throws NotReadyYet until it is healthy there (ELBv2) */
  follow(route: string, memberId: string, to: MemberAddress): Promise<void>;
}
