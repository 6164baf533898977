import { DescribeImagesCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { ContractTarget } from './contract-target';

/** What has to be known before anything is made. Only reads. */
export interface Surroundings {
  readonly zone: string;
  readonly imageGiB: number;
}

/** @throws Error where the credentials are another account's than the one that is meant, or where subnet or image is not there */
export async function lookAround(ec2: EC2Client, { region, endpoint, accountId, imageId, subnetId }: ContractTarget): Promise<Surroundings> {
  const sts = new STSClient({ region, credentials: ec2.config.credentials, ...(endpoint === null ? {} : { endpoint }) });
  const { Account } = await sts.send(new GetCallerIdentityCommand({}));
  sts.destroy();
  if (Account !== accountId) throw new Error(`the credentials are of account ${Account ?? 'nobody knows which'}; FORESHIFT_AWS_CONTRACT_ACCOUNT means ${accountId}. Nothing was made`);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [subnetId] }));
  const zone = Subnets[0]?.AvailabilityZone;
  if (zone === undefined) throw new Error(`there is no subnet ${subnetId} in ${region}`);
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
  const [image] = Images;
  if (image === undefined) throw new Error(`there is no image ${imageId} in ${region}`);
  return { zone, imageGiB: (image.BlockDeviceMappings ?? []).reduce((sum, { Ebs }) => sum + (Ebs?.VolumeSize ?? 0), 0) };
}
