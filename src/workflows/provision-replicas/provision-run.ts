import type { TemplateFacts } from '../../contracts/capacity-activities';
import type { Owner } from '../../contracts/migration-activities';
import type { ProvisionReplicasInput, ProvisionStatus } from '../../contracts/provision-replicas';
import type { ServiceDemand } from '../../domain/capacity/demand';
import type { CapacityOption, OpenZone } from '../../domain/capacity/next-place';
import type { MigrationPolicy } from '../../domain/migration-policy';
import type { RegionProxies } from '../capacity-proxies';
import type { UndoStack } from '../undo-stack';
import type { Desk } from './desk';
import type { Story } from './story';

/** What every phase is given. */
export interface ProvisionRun {
  readonly input: ProvisionReplicasInput;
  readonly owner: Owner;
  readonly policy: MigrationPolicy;
  readonly story: Story;
  readonly desk: Desk;
  readonly undo: UndoStack;
  /** A number that no other step of this request has, over all of its runs. */
  readonly nextStep: () => number;
  /** The workers that act for it: the workflow's own until its region is found. */
  region: RegionProxies;
  /** What is being kept; null before that. */
  ward: { readonly replacements: ProvisionStatus['replacements'] } | null;
}

/** What was chosen, and all that is needed to do it, and to do it again for a replica that fails. */
export interface ReplicaPlan {
  readonly service: string;
  readonly digest: string;
  readonly options: readonly CapacityOption[];
  readonly zones: readonly OpenZone[];
  readonly targetGroups: TemplateFacts['targetGroups'];
  readonly maximum: number;
  readonly maximumUsdPerHour: number;
  readonly durationMs: number;
  /** What the service has; nothing where the request brought its own demand and the service was not looked at. */
  readonly present: Pick<ServiceDemand, 'usdPerHour' | 'instancesByZone'>;
  readonly why: readonly string[];
}
