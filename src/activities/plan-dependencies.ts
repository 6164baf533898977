import type { AutonomyActivities } from '../contracts/autonomy';
import type { FleetPlanPolicy } from '../domain/fleet-plan/plan-policy';
import type { PastMove } from '../domain/sizing/learn-durations';
import type { BalancerPort } from './balancer-port';
import type { BurstPort } from './burst-port';
import type { ComputePort } from './compute-port';
import type { DiskPort } from './disk-port';
import type { ForecastStore, LoadForecastPorts } from './forecast-loads';
import type { IsolationStore } from './isolation-port';
import type { OwnedCapacityPort } from './owned-capacity-port';
import type { PlanStore } from './plan-port';
import type { QueueClient } from './queue-client-port';

/** What planning reads and writes. */
export interface PlanDependencies extends LoadForecastPorts {
  readonly compute: Pick<ComputePort, 'listTagged' | 'shape' | 'compatibleShapes' | 'zones' | 'describe'>;
  readonly disks: Pick<DiskPort, 'describeVolumes'>;
  readonly balancer: Pick<BalancerPort, 'groups'>;
  readonly owned: OwnedCapacityPort;
  readonly burst: BurstPort;
  readonly isolations: Pick<IsolationStore, 'active'>;
  readonly plans: PlanStore;
  readonly forecasts: ForecastStore;
  readonly queues: Pick<QueueClient, 'enqueue' | 'predict'>;
  /** What mode a service has earned. */
  readonly earnMode: AutonomyActivities['earnMode'];
  readonly policy: FleetPlanPolicy;
  /** The latest completed moves. */
  readonly pastMoves: () => Promise<readonly PastMove[]>;
  readonly now: () => number;
  readonly heartbeat: (at: unknown) => void;
}
