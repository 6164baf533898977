import type { ShapedInstance, WorkloadLook } from '../../contracts/scale-workload';

export type Weighed = Extract<WorkloadLook, { readonly kind: 'weighed' }>;

export type ActOutcome =
  | { readonly kind: 'done'; readonly sentence: string; readonly instances: readonly ShapedInstance[] }
  /** It is as before, except for `left`. */
  | { readonly kind: 'refused'; readonly sentence: string; readonly left: readonly string[] };

/** A means of more capacity, and its way back. */
export interface ScalingActs {
  /** Carries out what a look decided, up or down. `round` tells one act from the next. */
  change(look: Weighed, round: number): Promise<ActOutcome>;
  /** Takes back all that was added; what could not be, with why. */
  giveBack(seen: Pick<Weighed, 'instances' | 'baseShape'>, round: number): Promise<readonly string[]>;
}
