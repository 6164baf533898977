import type { MetricsPort } from '../../../activities/metrics-port';
import { createMetrics } from '../../../adapters/aws/metrics';
import { openAws } from '../../open-aws';

/** CloudWatch, of AWS or of the local cloud. */
export async function openMetrics(stackName: string): Promise<MetricsPort> {
  const { clients, local } = await openAws(stackName);
  return createMetrics(clients.cloudwatch, { balancerPeriodSeconds: local ? 1 : 60 });
}
