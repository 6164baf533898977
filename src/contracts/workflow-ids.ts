import type { Owner } from './migration-activities';

/** How the ids of migrations begin. */
export const MIGRATION_PREFIX = 'migration/';

/** The workflow id is the lock: one migration per instance (docs/architecture.md, idea 6). */
export function migrationWorkflowId(instanceId: string): string {
  return `${MIGRATION_PREFIX}${instanceId}`;
}

/** One training at a time; also the id of its schedule. */
export const TRAIN_WORKFLOW_ID = 'forecasts/train';

export function isMigrationWorkflowId(workflowId: string): boolean {
  return workflowId.startsWith(MIGRATION_PREFIX);
}

/** Tag of an operator: the fleet that an instance belongs to. Only what has one is looked at. */
export const FLEET_TAG = 'foreshift:fleet';
/** Tag of an operator: a pool that is neither a zone nor a host. */
export const POOL_TAG = 'foreshift:pool';

/** Tag on everything a workflow creates, so that leftovers can be found and reaped. */
export const OWNER_TAG = 'foreshift:owner';
/** Tag with the run that created a resource: two migrations of one instance share the owner, never the run. */
export const RUN_TAG = 'foreshift:run';
/** Instead of a run's id where AWS is asked what is there: every run's. EC2's own wildcard. */
export const ANY_RUN = '*';

/** A workflow's id is a lock: what any of its runs made is the present one's. */
export function everyRunOf(workflowId: string): Owner {
  return { workflowId, runId: ANY_RUN };
}

/** Tag that says what a resource is to its owner: `shadow`, `reservation`, `image`, ... */
export const ROLE_TAG = 'foreshift:role';
/** Tag on a finished replacement: the instance that it replaced. */
export const REPLACES_TAG = 'foreshift:replaces';
/** Tag on a finished replacement: pool and shape that it was moved from, as `us-east-1a m7i.large`. */
export const MOVED_FROM_TAG = 'foreshift:moved-from';

/** Tags that are a migration's own and must not pass from an instance to what is launched after it. */
export const OWN_TAGS: readonly string[] = [OWNER_TAG, RUN_TAG, ROLE_TAG, REPLACES_TAG, MOVED_FROM_TAG];
/** Tag on a replica: the request that it was provisioned for. It passes to what replaces the replica, which so stays counted. */
export const REPLICAS_TAG = 'foreshift:replicas';
/** Tag on a replica: the digest of that request. */
export const REQUEST_DIGEST_TAG = 'foreshift:request-digest';

/** A request for replicas is carried out once. */
export function replicasWorkflowId(requestId: string): string {
  return `replicas/${requestId}`;
}

/** Value of the role tag on capacity that is held for a pool, and the tag with the pool's name: what `reserveCapacity` may ask for. */
export const HELD_ROLE = 'held';
/** The same on a reservation that was ordered for a later date. */
export const COMMITTED_ROLE = 'committed';
export const HELD_FOR_TAG = 'foreshift:held-for';

/** Tag of AWS on every instance of an Auto Scaling group. */
export const GROUP_NAME_TAG = 'aws:autoscaling:groupName';

/** Begin of the tag on an operator's Auto Scaling group that says what a workflow added to its desired capacity. */
export const RAISED_BY_TAG = 'foreshift:raised-by';

/** Capacity of a pool is held once for a window. */
export function capacityWorkflowId(pool: string, window: string): string {
  return `capacity/${pool}/${window}`;
}

/** One queue a fleet. */
export function queueWorkflowId(fleet: string): string {
  return `fleet/${fleet}/queue`;
}

/** A host, zone or pool is isolated once. */
export function isolationWorkflowId(place: string): string {
  return `host/${place}`;
}

/** One looks after an instance's shape. */
export function shapeWorkflowId(instanceId: string): string {
  return `shape/${instanceId}`;
}

/** One routes a service's requests. */
export function routingWorkflowId(service: string): string {
  return `routing/${service}`;
}

/** What an incident starts that has no lock of its own: once, however often the incident is told of. */
export function triggerWorkflowId(incidentId: string): string {
  return `trigger/${incidentId}`;
}

/** Whether it names what an incident began: a workflow, or an item in a queue. */
export function isTriggerWorkflowId(id: string): boolean {
  return id.startsWith('trigger/');
}

/** One looks after a workload's capacity; "app=web". */
export function workloadWorkflowId(tag: string): string {
  return `workload/${tag}`;
}

/** One reaper a region; also the id of its schedule. */
export function reaperWorkflowId(region: string): string {
  return `reaper/${region}`;
}

/** A look for drift alone, beside the reaper. */
export function driftWorkflowId(region: string): string {
  return `drift/${region}`;
}

/** A rehearsal in a pool, as long as it looks for an instance. */
export function drillWorkflowId(pool: string): string {
  return `drill/${pool}`;
}

/** A look at a move that ended: it holds no lock. */
export function recoveryLookId(instanceId: string): string {
  return `recover/${instanceId}`;
}
