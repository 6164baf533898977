import type { MetricsPort } from '../../../activities/metrics-port';
import { createAwsClients } from '../../../adapters/aws/clients';
import { createMetrics } from '../../../adapters/aws/metrics';
import { readConfig } from '../../../contracts/config';
import { resolveConfig } from '../../environment';

/** The local cloud knows one account and checks nothing. */
const LOCAL_CREDENTIALS = { accessKeyId: 'FORESHIFTCLI', secretAccessKey: 'local-cloud-only' };

/** CloudWatch, of AWS or, where the other commands would use it as well, of the local cloud that is up. */
export async function openMetrics(stackName: string): Promise<MetricsPort> {
  const { awsEndpoint, awsRegion } = await resolveConfig(stackName);
  const local = awsEndpoint !== null && awsEndpoint !== readConfig().awsEndpoint;
  const { cloudwatch } = createAwsClients({
    region: awsRegion,
    ...(awsEndpoint === null ? {} : { endpoint: awsEndpoint }),
    ...(local ? { credentials: LOCAL_CREDENTIALS } : {}),
  });
  return createMetrics(cloudwatch, { balancerPeriodSeconds: local ? 1 : 60 });
}
