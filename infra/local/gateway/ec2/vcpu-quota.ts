import { AwsError, type OperationHandler } from '../operation';
import type { Cloud } from './cloud';

const STANDARD_VCPUS = 'L-1216C47A';

/** Refuses as EC2 does what goes beyond the account's vCPUs; a reservation counts whether it is used or not. */
export function checkQuota(cloud: Cloud, shape: string, count: number): void {
  const wanted = count * vcpusOf(cloud, shape);
  const used = vcpusInUse(cloud);
  if (used + wanted <= cloud.vcpuQuota) return;
  throw new AwsError('VcpuLimitExceeded', `You have requested more vCPU capacity than your current vCPU limit of ${cloud.vcpuQuota} allows for the instance bucket that the specified instance type belongs to.`);
}

/** Service Quotas, of which there is one. */
export function quotaOperations(cloud: Cloud): Record<string, OperationHandler> {
  return {
    GetServiceQuota: ({ params }) => {
      if (params['QuotaCode'] !== STANDARD_VCPUS || cloud.vcpuQuota === Infinity) throw new AwsError('NoSuchResourceException', 'The specified resource does not exist.');
      return { Quota: { ServiceCode: 'ec2', QuotaCode: STANDARD_VCPUS, QuotaName: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances', Value: cloud.vcpuQuota, Adjustable: true } };
    },
  };
}

function vcpusInUse(cloud: Cloud): number {
  const loose = [...cloud.instances.values()].filter(({ state, usedReservationId, spot }) => !spot && (state === 'pending' || state === 'running') && usedReservationId === undefined);
  const reserved = [...cloud.reservations.values()].filter(({ state }) => state === 'active' || state === 'pending');
  return loose.reduce((sum, { shape }) => sum + vcpusOf(cloud, shape), 0) + reserved.reduce((sum, { shape, total }) => sum + total * vcpusOf(cloud, shape), 0);
}

function vcpusOf(cloud: Cloud, shape: string): number {
  return cloud.vcpusByShape.get(shape) ?? 0;
}
