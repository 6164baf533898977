import { paginateDescribeCapacityReservations, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import type { QuotaPort } from '../../activities/quota-port';
import type { AwsClients } from './clients';
import type { ShapeCatalogue } from './shape-catalogue';
import { callAws } from './translate-error';

/** Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances, in vCPUs. */
const STANDARD_VCPUS = 'L-1216C47A';
const STANDARD_FAMILIES = /^[acdhimrtz]\d/;

/** Service Quotas through the AWS SDK, and what of it is used. */
export function createQuotas({ ec2, quotas }: Pick<AwsClients, 'ec2' | 'quotas'>, catalogue: ShapeCatalogue): QuotaPort {
  return {
    async standardVcpus() {
      const limitVcpus = await quotas
        .send(new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: STANDARD_VCPUS }))
        .then(({ Quota }) => Quota?.Value ?? null)
        // A right that is not there must not stand in the way: EC2 itself refuses what is beyond.
        .catch(() => null);
      if (limitVcpus === null) return null;
      const [types, { shapes }] = await Promise.all([typesInUse(ec2), catalogue.catalogue()]);
      const vcpus = new Map(shapes.map((shape) => [shape.name, shape.vcpus]));
      return { limitVcpus, usedVcpus: types.filter((type) => STANDARD_FAMILIES.test(type)).reduce((sum, type) => sum + (vcpus.get(type) ?? 0), 0) };
    },
  };
}

/** The type of each running instance, and of each place of a reservation that none uses. */
async function typesInUse(ec2: EC2Client): Promise<string[]> {
  return callAws('list what counts against the quota', async () => {
    const types: string[] = [];
    for await (const page of paginateDescribeInstances({ client: ec2 }, { Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }] })) {
      for (const { Instances } of page.Reservations ?? []) types.push(...(Instances ?? []).filter(({ InstanceLifecycle }) => InstanceLifecycle === undefined).flatMap(({ InstanceType }) => InstanceType ?? []));
    }
    for await (const page of paginateDescribeCapacityReservations({ client: ec2 }, { Filters: [{ Name: 'state', Values: ['active', 'pending'] }] })) {
      for (const { InstanceType, AvailableInstanceCount } of page.CapacityReservations ?? []) types.push(...Array.from({ length: AvailableInstanceCount ?? 0 }, () => InstanceType ?? ''));
    }
    return types;
  });
}
