import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { WeightedTarget } from '../../domain/source-snapshot';

/** The weighted groups of the forward action; a single group counts as weight 1, as on AWS. */
export function forwardOf(actions: readonly Action[]): WeightedTarget[] {
  const forward = actions.find((action) => action.Type === 'forward');
  if (forward === undefined) return [];
  const groups = forward.ForwardConfig?.TargetGroups;
  if (groups !== undefined && groups.length > 0) {
    return groups.map((group) => ({ targetGroupArn: group.TargetGroupArn ?? '', weight: group.Weight ?? 1 }));
  }
  return forward.TargetGroupArn === undefined ? [] : [{ targetGroupArn: forward.TargetGroupArn, weight: 1 }];
}
