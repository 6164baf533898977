import { paginateDescribeTargetGroups } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { control } from './control-client';

/** Everything in the account that costs money or carries traffic, by id, with the name of its kind. */
export type Inventory = ReadonlyMap<string, string>;

interface CloudState {
  readonly [kind: string]: readonly { readonly id: string; readonly state: string; readonly attachedTo?: string; readonly zone?: string; readonly shape?: string }[];
}

const GONE = new Set(['terminated', 'shutting-down', 'cancelled', 'canceled', 'deleted', 'deregistered', 'expired', 'failed']);

/** Asks the cloud itself, not the product's records. Volumes that belong to an instance count with it. */
export async function takeInventory(endpoint: string, elb: ElasticLoadBalancingV2Client): Promise<Inventory> {
  const state = await control<CloudState>(endpoint, 'GET', '/_local/state');
  const found = new Map<string, string>();
  for (const [kind, resources] of Object.entries(state)) {
    for (const { id, state: itsState, attachedTo } of resources) {
      if (!GONE.has(itsState) && attachedTo === undefined) found.set(id, kind);
    }
  }
  for await (const page of paginateDescribeTargetGroups({ client: elb }, {})) {
    for (const group of page.TargetGroups ?? []) found.set(group.TargetGroupArn ?? '', 'target groups');
  }
  return found;
}

/** What is there now and was not before, except what was meant to stay. */
export function leftOver(before: Inventory, after: Inventory, meant: readonly string[]): string[] {
  return [...after].filter(([id]) => !before.has(id) && !meant.includes(id)).map(([id, kind]) => `${kind}: ${id}`);
}
