/** What can be isolated: an availability zone, a dedicated host, or the instances with one value of the tag `foreshift:pool`. */
export type PlaceKind = 'zone' | 'host' | 'pool';

export type IsolationSource = 'operator' | 'scheduled-event' | 'health' | 'rebalance';

/** A place that is no target for moves. */
export interface Isolation {
  readonly kind: PlaceKind;
  /** The zone's name, the host's id or the tag's value; also what `sourcePool` and `targetPool` of a move call it. */
  readonly place: string;
  readonly reason: string;
  readonly source: IsolationSource;
  readonly sinceMs: number;
  /** When it ends by itself; null: when it is lifted. */
  readonly untilMs: number | null;
  readonly workflowId: string;
}
