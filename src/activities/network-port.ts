import type { NetworkNames, NetworksThere } from '../domain/region/match-network';

/** Networks, security groups and key pairs of one region. Changes none. */
export interface NetworkPort {
  /** The VPC's tags, and the groups by name. Throws `NotFound` where one of them is gone. */
  namesOf(vpcId: string, securityGroupIds: readonly string[]): Promise<Omit<NetworkNames, 'keyName'>>;
  /** All VPCs, and of groups and keys those of these names and the default groups. */
  candidates(names: Pick<NetworkNames, 'groupNames' | 'keyName'>): Promise<NetworksThere>;
}
