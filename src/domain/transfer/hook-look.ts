/**
 * What the hooks of an application tell of one side of a move. `live`: its state is the one that is written. `released`: it was live and has ended
 * writes for its owner, so that the peer may take over. `standby`: follows the peer. `left`: never takes over for its owner. `none`: a copy that serves nobody.
 */
export interface HookLook {
  readonly instanceId: string;
  readonly role: 'live' | 'released' | 'standby' | 'left' | 'none';
  /** The migration by which it got its role; null where none did. */
  readonly owner: string | null;
  /** That migration may not have it released or taken over any more. */
  readonly isOver: boolean;
  /** Where it is live: it takes writes. Where it follows: the peer's writes reach it. */
  readonly isFlowing: boolean;
  /** Where it is live: bytes that its follower lacks; null where none follows. */
  readonly lagBytes: number | null;
  /** Where its writes ended, in the application's own words: what a peer must have before it takes over. */
  readonly position: string | null;
  readonly why: string;
}
