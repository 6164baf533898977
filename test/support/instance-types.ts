import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { awsTools } from '../infra/local/gateway/outside-tools';

/** EC2's whole list of instance types, as DescribeInstanceTypes gives it, out of the moto package that the local cloud runs. The first run of a checkout downloads it. */
export async function readInstanceTypes(): Promise<InstanceTypeInfo[]> {
  const { pythonPath } = await awsTools();
  const file = join(pythonPath, 'moto', 'ec2', 'resources', 'instance_types.json.gz');
  return Object.values(JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Record<string, InstanceTypeInfo>);
}
