import { CreateLaunchTemplateCommand, waitUntilImageExists } from '@aws-sdk/client-ec2';
import { join } from 'node:path';
import { control } from '../../infra/local/demo/control-client';
import type { LiveFleet } from './live-fleet';

/** A launch template of the demo's service in the cloud's other region, with an image there. */
export async function launchTemplateIn({ endpoint, aws }: ReturnType<LiveFleet['otherRegion']>, service: string): Promise<string> {
  const directory = join(__dirname, '../../infra/local/demo/service');
  const { imageId } = await control<{ imageId: string }>(endpoint, 'POST', '/_local/images', { name: `${service}-image`, directory });
  // EC2 shows nothing in the first moments after its creation.
  await waitUntilImageExists({ client: aws.ec2, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, { ImageIds: [imageId] });
  const UserData = Buffer.from(`#!/bin/sh\nSERVICE=${service} exec "$NODE" service.js\n`).toString('base64');
  const LaunchTemplateData = { ImageId: imageId, UserData, TagSpecifications: [{ ResourceType: 'instance' as const, Tags: [{ Key: 'foreshift:service', Value: service }] }] };
  const { LaunchTemplate } = await aws.ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: service, LaunchTemplateData }));
  return LaunchTemplate?.LaunchTemplateId ?? '';
}
