/** What a side answers that has taken the state over; the other one knows by it that a release has arrived. */
export const ALREADY_LIVE = 'this side is live already: nothing is written over it';

/** What a side answers whose service did not start on the state: it has not taken it over. */
export const TAKE_OVER_FAILED = 'the service did not take the state over';

/** What a side answers that was told to take no part any more: it has not taken the state over and never will. */
export const HAS_LEFT = 'this side has left the move';
