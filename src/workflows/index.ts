// The bundle's entry: what stands here runs in the replayed sandbox. Nothing else imports this file by value.
import './auto-upgrade';

export { adjustShape } from './adjust-shape';
export { isolateHost } from './isolate-host';
export { migrateInstance } from './migrate-instance';
export { migrationQueue } from './migration-queue';
export { preAllocateCapacity } from './pre-allocate-capacity';
export { provisionReplicas } from './provision-replicas';
export { reapOrphans } from './reap-orphans';
export { recoverMigration } from './recover-migration';
export { rehearseRollback } from './rehearse-rollback';
export { resizeInPlace } from './resize-in-place';
export { routeRequests } from './route-requests';
export { scaleWorkload } from './scale-workload';
export { shapeFleet } from './shape-fleet';
export { weighFleetShard } from './weigh-fleet-shard';
export { trainForecasts } from './train-forecasts';
