import { ISOLATE_HOST } from '../contracts/isolate-host';
import { MIGRATE_INSTANCE } from '../contracts/migrate-instance';
import { PRE_ALLOCATE_CAPACITY } from '../contracts/pre-allocate-capacity';
import { PROVISION_REPLICAS } from '../contracts/provision-replicas';
import { SHAPE_FLEET } from '../contracts/shape-fleet';
import { capacityWorkflowId, isolationWorkflowId, replicasWorkflowId, triggerWorkflowId } from '../contracts/workflow-ids';
import { checkHoldInput } from '../domain/capacity/hold-input';
import { checkReplicaInput } from '../domain/capacity/replica-input';
import { checkFleetInput } from '../domain/fleet-input';
import { checkIsolationInput, placeOf } from '../domain/isolation-input';
import { checkMigrationInput } from '../domain/migration-input';
import type { Incident } from '../domain/triggers/incident';
import type { Startable } from '../domain/triggers/plan-start';

/** Inputs carry no longer reason. */
const LONGEST_REASON = 300;

const nothing = (): Readonly<Record<string, unknown>> => ({});
const reason = (incident: Incident): Readonly<Record<string, unknown>> => ({ reason: `${incident.kind} ${incident.name}: ${incident.reason}`.slice(0, LONGEST_REASON) });
const byIncident = (_input: unknown, incidentId: string): string => triggerWorkflowId(incidentId);

/** The workflows that a rule may start. Those whose id is a lock keep it; the others have the incident's. */
export const STARTABLES: Readonly<Record<string, Startable>> = {
  // Under this id it hands over to the instance's lock, or is refused where somebody else holds that.
  [MIGRATE_INSTANCE]: { check: checkMigrationInput, idOf: byIncident, idIsLock: false, defaults: (incident) => ({ ...reason(incident), trigger: 'alarm' }) },
  [SHAPE_FLEET]: { check: checkFleetInput, idOf: byIncident, idIsLock: false, defaults: nothing },
  [PROVISION_REPLICAS]: {
    check: checkReplicaInput,
    idOf: (input) => replicasWorkflowId(String(input['requestId'])),
    idIsLock: false,
    defaults: (incident) => ({ ...reason(incident), requestId: incident.incidentId.replaceAll('/', '-') }),
  },
  [PRE_ALLOCATE_CAPACITY]: { check: checkHoldInput, idOf: (input) => capacityWorkflowId(String(input['pool']), String(input['window'])), idIsLock: true, defaults: reason },
  [ISOLATE_HOST]: { check: checkIsolationInput, idOf: (input) => isolationWorkflowId(placeOf(input).place), idIsLock: true, defaults: reason },
};
