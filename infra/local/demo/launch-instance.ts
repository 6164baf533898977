import { RunInstancesCommand, type Subnet } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../../src/adapters/aws/clients';

const SHAPE = 'm7i.large';

export interface DemoInstance {
  readonly imageId: string;
  readonly subnet: Pick<Subnet, 'AvailabilityZone' | 'SubnetId'> | undefined;
  readonly userData: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** An instance with a data volume of its own on `/dev/sdf`. Returns its id. */
export async function launchInstance(ec2: AwsClients['ec2'], { imageId, subnet, userData, tags }: DemoInstance): Promise<string> {
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      MinCount: 1,
      MaxCount: 1,
      ImageId: imageId,
      InstanceType: SHAPE,
      Placement: { AvailabilityZone: subnet?.AvailabilityZone },
      SubnetId: subnet?.SubnetId,
      UserData: Buffer.from(userData).toString('base64'),
      BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 1, VolumeType: 'gp3', DeleteOnTermination: true } }],
      TagSpecifications: [{ ResourceType: 'instance', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }],
    }),
  );
  return Instances?.[0]?.InstanceId ?? '';
}
