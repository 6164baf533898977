/** How the requests of one class are routed. */
export interface ClassRouting {
  readonly name: string;
  /** By member, whole numbers from 0 to 100; at least one is above 0. */
  readonly weights: Readonly<Record<string, number>>;
  /** The part that is turned away, 0..1. */
  readonly shedRatio: number;
}

/** What is put into effect, and until when. */
export interface Routing {
  readonly classes: readonly ClassRouting[];
  readonly untilMs: number;
}

export interface RoutingRecommendation extends Routing {
  /** Members that are about to be overloaded: remembered, so that they do not come and go at a threshold. */
  readonly hot: readonly string[];
  /** Members that get nothing new because they are about to go. */
  readonly leaving: readonly string[];
  readonly why: readonly string[];
}

export type RoutingDecision =
  /** `changed` false: the same again, for longer. */
  | { readonly kind: 'route'; readonly recommendation: RoutingRecommendation; readonly changed: boolean }
  /** Nothing is about to be overloaded: requests go as without Foreshift. */
  | { readonly kind: 'release'; readonly why: readonly string[] };
