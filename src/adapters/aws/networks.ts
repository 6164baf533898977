import { DescribeKeyPairsCommand, DescribeSecurityGroupsCommand, DescribeVpcsCommand, paginateDescribeSecurityGroups, paginateDescribeVpcs } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { NetworkPort } from '../../activities/network-port';
import type { NetworksThere } from '../../domain/region/match-network';
import { tagRecord } from './ownership';
import { callAws } from './translate-error';

/** Networks, security groups and key pairs through the AWS SDK. */
export function createNetworks(ec2: EC2Client): NetworkPort {
  return {
    async namesOf(vpcId, securityGroupIds) {
      const { Vpcs } = await callAws(`describe ${vpcId}`, () => ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] })));
      // An empty list of ids would ask for all groups.
      const { SecurityGroups } = securityGroupIds.length === 0 ? {} : await callAws(`describe ${securityGroupIds.join(', ')}`, () => ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [...securityGroupIds] })));
      return { tags: tagRecord(Vpcs?.[0]?.Tags), groupNames: (SecurityGroups ?? []).flatMap(({ GroupName }) => GroupName ?? []) };
    },
    async candidates({ groupNames, keyName }) {
      const [vpcs, groups, keyNames] = await Promise.all([listVpcs(ec2), listGroups(ec2, ['default', ...groupNames]), keyName === null ? [] : listKeys(ec2, keyName)]);
      return { vpcs, groups, keyNames };
    },
  };
}

function listVpcs(ec2: EC2Client): Promise<NetworksThere['vpcs']> {
  return callAws('list VPCs', async () => {
    const found = [];
    for await (const { Vpcs = [] } of paginateDescribeVpcs({ client: ec2 }, {})) {
      found.push(...Vpcs.map(({ VpcId = '', IsDefault = false, Tags }) => ({ vpcId: VpcId, isDefault: IsDefault, tags: tagRecord(Tags) })));
    }
    return found;
  });
}

function listGroups(ec2: EC2Client, names: string[]): Promise<NetworksThere['groups']> {
  return callAws('list security groups', async () => {
    const found = [];
    for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client: ec2 }, { Filters: [{ Name: 'group-name', Values: names }] })) {
      found.push(...SecurityGroups.map(({ GroupId = '', GroupName = '', VpcId = '' }) => ({ groupId: GroupId, name: GroupName, vpcId: VpcId })));
    }
    return found;
  });
}

async function listKeys(ec2: EC2Client, name: string): Promise<string[]> {
  // By a filter: a name that is not there is an answer, not an error.
  const { KeyPairs } = await callAws(`look for the key pair ${name}`, () => ec2.send(new DescribeKeyPairsCommand({ Filters: [{ Name: 'key-name', Values: [name] }] })));
  return (KeyPairs ?? []).flatMap(({ KeyName }) => KeyName ?? []);
}
