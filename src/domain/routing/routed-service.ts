export type RequestPriority = 'high' | 'normal' | 'low';

/** A kind of request that the balancer tells apart before it reaches an instance. */
export interface RequestClass {
  readonly name: string;
  readonly priority: RequestPriority;
  /** `write` goes only to members that take writes; default: `any`. */
  readonly access?: 'any' | 'read' | 'write';
  /** HAProxy: the backend whose weights stand for this class. */
  readonly backend?: string;
  /** ELBv2: what makes a request one of this class; all that is given must hold. Without any it is every request that is of no class before it. */
  readonly header?: { readonly name: string; readonly values: readonly string[] };
  readonly paths?: readonly string[];
}

/** One that requests can go to. HAProxy: the server's name in every backend; ELBv2: the instance id. */
export interface RoutedMember {
  readonly memberId: string;
  /** The EC2 instance, where the member's name is another one: what is forecast for a watch. */
  readonly instanceId?: string;
  /** Default: true. */
  readonly takesWrites?: boolean;
}

/** Where the service's requests pass, and what Foreshift may change there. */
export type RoutingBalancer =
  /** `name` is one of the worker's own (FORESHIFT_HAPROXY), `backends` take the requests without Foreshift, `mapFile` is as HAProxy's configuration names it. */
  | { readonly kind: 'haproxy'; readonly name: string; readonly backends: readonly string[]; readonly mapFile: string }
  /** Rules of this listener from `firstPriority` on; the members are targets of the group. */
  | { readonly kind: 'elbv2'; readonly listenerArn: string; readonly targetGroupArn: string; readonly port: number; readonly firstPriority: number };

export interface RoutedService {
  readonly service: string;
  readonly balancer: RoutingBalancer;
  readonly members: readonly RoutedMember[];
  readonly classes: readonly RequestClass[];
}
