import { DescribeInstanceTypesCommand, DescribeLaunchTemplateVersionsCommand, DescribeSubnetsCommand, EC2Client, paginateDescribeInstanceTypes, type _InstanceType } from '@aws-sdk/client-ec2';
import type { ShapeCatalogue, ShapeFacts } from './shape-catalogue';

/** The catalogue of moto. Types never change and are remembered; subnets are asked for each time. */
export function createMotoCatalogue(motoUrl: string, region: string): ShapeCatalogue & { close(): void } {
  const client = new EC2Client({
    endpoint: motoUrl,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const known = new Map<string, Promise<ShapeFacts | undefined>>();

  const ask = async (name: string): Promise<ShapeFacts | undefined> => {
    const type = name as _InstanceType;
    const { InstanceTypes } = await client.send(new DescribeInstanceTypesCommand({ InstanceTypes: [type] }));
    const facts = InstanceTypes?.[0];
    return facts && { architectures: facts.ProcessorInfo?.SupportedArchitectures ?? ['x86_64'], vcpus: facts.VCpuInfo?.DefaultVCpus ?? 0 };
  };

  return {
    shape(name) {
      const before = known.get(name);
      if (before) return before;
      const answer = ask(name).catch((error: unknown) => {
        if ((error as Error).name.startsWith('InvalidInstanceType')) return undefined;
        known.delete(name);
        throw error;
      });
      known.set(name, answer);
      return answer;
    },
    async family(name) {
      const vcpus = new Map<string, number>();
      for await (const page of paginateDescribeInstanceTypes({ client }, {})) {
        for (const { InstanceType: type = '', VCpuInfo, BareMetal } of page.InstanceTypes ?? []) {
          if (type.startsWith(`${name}.`) && BareMetal !== true) vcpus.set(type, VCpuInfo?.DefaultVCpus ?? 0);
        }
      }
      return vcpus;
    },
    async launchTemplate(idOrName, version) {
      const which = idOrName.startsWith('lt-') ? { LaunchTemplateId: idOrName } : { LaunchTemplateName: idOrName };
      const { LaunchTemplateVersions } = await client.send(new DescribeLaunchTemplateVersionsCommand({ ...which, Versions: [version] })).catch((error: unknown) => {
        if ((error as Error).name.startsWith('InvalidLaunchTemplate')) return { LaunchTemplateVersions: [] };
        throw error;
      });
      const data = LaunchTemplateVersions?.[0]?.LaunchTemplateData;
      if (data === undefined) return undefined;
      const { ImageId, InstanceType, UserData, KeyName, SecurityGroupIds, TagSpecifications } = data;
      return { ImageId, InstanceType, UserData, KeyName, SecurityGroupIds, TagSpecifications, MinCount: 1, MaxCount: 1 };
    },
    async subnets() {
      const { Subnets } = await client.send(new DescribeSubnetsCommand({}));
      return (Subnets ?? []).map((subnet) => ({
        subnetId: subnet.SubnetId ?? '',
        vpcId: subnet.VpcId ?? '',
        zone: subnet.AvailabilityZone ?? '',
        isDefault: subnet.DefaultForAz ?? false,
      }));
    },
    close: () => client.destroy(),
  };
}
