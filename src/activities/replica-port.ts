import type { Owner } from '../contracts/migration-activities';
import type { ReplicaTemplate } from '../contracts/provision-replicas';

export interface TemplateSight {
  readonly architecture: string;
  readonly vpcId: string;
  /** Null for a launch template. */
  readonly shape: string | null;
  /** Tags that every instance from it gets. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface ReplicaLaunch {
  readonly owner: Owner;
  readonly template: ReplicaTemplate;
  readonly place: { readonly zone: string; readonly subnetId: string; readonly shape: string };
  /** Null: whatever capacity there is. */
  readonly reservationId: string | null;
  /** At the spot price; EC2 may take it away. */
  readonly spot: boolean;
  /** The same step again is the same launch. */
  readonly step: string;
  /** Beside the template's own. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Instances from a template. Unknown templates and images throw `NotFound`. */
export interface ReplicaPort {
  look(template: ReplicaTemplate): Promise<TemplateSight>;
  /** One instance; the same instance again when repeated. */
  launch(request: ReplicaLaunch): Promise<{ instanceId: string }>;
}
