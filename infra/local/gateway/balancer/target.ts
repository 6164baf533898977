export type TargetState = 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining';

/** AWS's TargetHealth. */
export interface TargetHealth {
  readonly state: TargetState;
  readonly reason?: string;
  readonly description?: string;
}

/** One registration of an instance (or address) in a target group. */
export interface Target {
  readonly groupArn: string;
  readonly id: string;
  readonly port: number;
  health: TargetHealth;
  /** Results of health checks in a row: positive for passes, negative for failures. */
  streak: number;
  nextCheckAtMs: number;
  checking: boolean;
  /** Set while draining. */
  goneAtMs?: number;
}

export const REGISTERING: TargetHealth = {
  state: 'initial',
  reason: 'Elb.RegistrationInProgress',
  description: 'Target registration is in progress',
};
export const DRAINING: TargetHealth = {
  state: 'draining',
  reason: 'Target.DeregistrationInProgress',
  description: 'Target deregistration is in progress',
};
export const NOT_IN_USE: TargetHealth = {
  state: 'unused',
  reason: 'Target.NotInUse',
  description: 'Target group is not configured to receive traffic from the load balancer',
};
export const NOT_RUNNING: TargetHealth = {
  state: 'unused',
  reason: 'Target.InvalidState',
  description: 'Target is in the stopped state',
};
export const NOT_REGISTERED: TargetHealth = {
  state: 'unused',
  reason: 'Target.NotRegistered',
  description: 'Target is not registered to the target group',
};
export const HEALTHY: TargetHealth = { state: 'healthy' };
