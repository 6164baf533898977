import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DescribeInstancesCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../../../src/adapters/aws/clients';
import { SYNC_TAG } from '../../../../src/domain/sync-strategy';
import { programFile } from '../../gateway/instances/foreshift-shim';
import { control } from '../control-client';
import { launchInstance } from '../launch-instance';
import { POSTGRES_USER_DATA } from './postgres-user-data';

export interface PostgresScene {
  readonly instanceId: string;
  /** Addresses of all instances that run, whether PostgreSQL answers there or not: what a name of several addresses would answer. */
  readonly addresses: () => Promise<readonly string[]>;
}


/** Why there can be no PostgreSQL here; null where there can be. */
export function whyNoPostgres(root = '/usr/lib/postgresql'): string | null {
  const hasServer = existsSync(root) && readdirSync(root).some((version) => existsSync(join(root, version, 'bin', 'postgres')));
  return hasServer ? null : `PostgreSQL is not installed (${root}/*/bin/postgres): "apt-get install postgresql" on Debian`;
}

/** PostgreSQL on one instance, tagged to be handed over by its own hooks; no balancer stands before it. */
export async function createPostgresScene(endpoint: string, { ec2 }: AwsClients, name = 'postgresql'): Promise<PostgresScene> {
  const directory = join(dirname(programFile()), '..', 'examples', 'postgresql');
  const { imageId } = await control<{ imageId: string }>(endpoint, 'POST', '/_local/images', { name, directory });
  const [subnet] = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets ?? [];
  const tags = { Name: name, 'foreshift:service': name, 'foreshift:fleet': name, [SYNC_TAG]: 'application' };
  const instanceId = await launchInstance(ec2, { imageId, subnet, userData: POSTGRES_USER_DATA, tags });
  const addresses = async (): Promise<readonly string[]> => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'instance-state-name', Values: ['running'] }] }));
    return Reservations.flatMap(({ Instances = [] }) => Instances.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []));
  };
  return { instanceId, addresses };
}
