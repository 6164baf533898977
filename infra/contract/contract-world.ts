import type { EBSClient } from '@aws-sdk/client-ebs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ComputePort } from '../../src/activities/compute-port';
import type { DiskPort } from '../../src/activities/disk-port';
import type { OwnedResourcePort } from '../../src/activities/owned-resource-port';
import type { ReservationPort } from '../../src/activities/reservation-port';
import { createCompute } from '../../src/adapters/aws/compute';
import { createDisks } from '../../src/adapters/aws/disks';
import { createOwnedResources } from '../../src/adapters/aws/owned-resources';
import { createReservations } from '../../src/adapters/aws/reservations';
import type { ShapeCatalogue } from '../../src/adapters/aws/shape-catalogue';
import { isFailure } from '../../src/contracts/errors';
import type { Owner } from '../../src/contracts/migration-activities';

export interface ContractClients {
  readonly ec2: EC2Client;
  readonly ebs: EBSClient;
  readonly elb: ElasticLoadBalancingV2Client;
}

export interface ContractPlace {
  readonly zone: string;
  readonly subnetId: string;
  readonly imageId: string;
  readonly shape: string;
}

/** One run of the contract: the product's own adapters, and what earlier steps made. */
export interface ContractWorld {
  readonly ec2: EC2Client;
  readonly compute: ComputePort;
  readonly disks: DiskPort;
  readonly reservations: ReservationPort;
  readonly owned: OwnedResourcePort;
  readonly owner: Owner;
  readonly place: ContractPlace;
  /** Asks again until the answer is true; throws where it is not within the target's time. */
  readonly eventually: (what: string, ask: () => Promise<boolean>) => Promise<void>;
  readonly made: { reservationId: string; instanceId: string; imageId: string; snapshotIds: readonly string[]; volumeId: string };
}

/** Nothing here asks what shapes there are. */
const NO_CATALOGUE = {} as ShapeCatalogue;

function falseIfNotFound(error: unknown): false {
  if (isFailure(error, 'NotFound')) return false;
  throw error;
}

/** Under this owner everything of a run is found again. */
export function contractOwner(runId: string): Owner {
  return { workflowId: `contract/${runId}`, runId };
}

export interface Patience {
  readonly withinMs: number;
  readonly everyMs: number;
}

/** Of AWS: an instance is checked for some minutes. */
export const PATIENT: Patience = { withinMs: 10 * 60_000, everyMs: 5_000 };

export function openContractWorld({ ec2, ebs, elb }: ContractClients, place: ContractPlace, owner: Owner, { withinMs, everyMs }: Patience): ContractWorld {
  return {
    ec2, place, owner,
    compute: createCompute(ec2, NO_CATALOGUE),
    disks: createDisks(ec2, ebs, () => ebs),
    reservations: createReservations(ec2),
    owned: createOwnedResources(ec2, elb),
    made: { reservationId: '', instanceId: '', imageId: '', snapshotIds: [], volumeId: '' },
    async eventually(what, ask) {
      const untilMs = Date.now() + withinMs;
      // What was made a moment ago may not be found yet.
      while (!(await ask().catch(falseIfNotFound))) {
        if (Date.now() > untilMs) throw new Error(`it did not come within ${withinMs / 1_000} s: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    },
  };
}
