import { FLEET_TAG, OWNER_TAG, REPLICAS_TAG } from '../../../contracts/workflow-ids';

/** Condition block of a statement: operator, key, values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** What a role may do, and why. */
export interface Permission {
  /** Letters and digits. */
  readonly sid: string;
  readonly why: string;
  /** Such as `ec2:RunInstances`. */
  readonly actions: readonly string[];
  /** ARNs without `arn:aws:`, the own account as `@`; default: all. */
  readonly resources?: readonly string[];
  /** Each of them in a statement of its own: one of them must hold. */
  readonly anyOf?: readonly Conditions[];
}

const carries = (key: string, prefix = 'aws:ResourceTag'): Conditions => ({ Null: { [`${prefix}/${key}`]: 'false' } });

/** Foreshift made it, and it is still its own. */
export const OURS: readonly Conditions[] = [carries(OWNER_TAG)];
/** An operator put it into a fleet. */
export const IN_A_FLEET: readonly Conditions[] = [carries(FLEET_TAG)];
/** One or the other. An instance that nobody gave to Foreshift can't be touched. @param prefix of a service that has condition keys of its own for tags */
export const managed = (prefix?: string): readonly Conditions[] => [FLEET_TAG, OWNER_TAG, REPLICAS_TAG].map((key) => carries(key, prefix));
/** It is created with its owner's tag: nothing comes to be that can't be found again. */
export const CREATED_AS_OURS: readonly Conditions[] = [carries(OWNER_TAG, 'aws:RequestTag')];
