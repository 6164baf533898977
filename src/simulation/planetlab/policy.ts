import type { Fleet } from './fleet';
import type { FindHost } from './place-vm';
import type { Move } from './plan-consolidation';

/** What a policy decides: where the VMs start, and which of them move at a scheduling instant, in this order. */
export interface Policy {
  readonly findFirstHost: FindHost;
  planMoves(fleet: Fleet): readonly Move[];
}
