import type { MetricsPort } from '../activities/metrics-port';
import { createAwsClients, type AwsClients } from '../adapters/aws/clients';
import { createMetrics } from '../adapters/aws/metrics';
import { readConfig } from '../contracts/config';
import { resolveConfig } from './environment';

/** The local cloud knows one account and checks nothing. */
const LOCAL_CREDENTIALS = { accessKeyId: 'FORESHIFTCLI', secretAccessKey: 'local-cloud-only' };

/** AWS's clients, of AWS or, where the other commands would use it as well, of the local cloud that is up; and CloudWatch as the activities read it. */
export async function openAws(stackName: string): Promise<{ readonly clients: AwsClients; readonly metrics: MetricsPort }> {
  const { awsEndpoint, awsRegion } = await resolveConfig(stackName);
  const local = awsEndpoint !== null && awsEndpoint !== readConfig().awsEndpoint;
  const clients = createAwsClients({
    region: awsRegion,
    ...(awsEndpoint === null ? {} : { endpoint: awsEndpoint }),
    ...(local ? { credentials: LOCAL_CREDENTIALS } : {}),
  });
  return { clients, metrics: createMetrics(clients.cloudwatch, { balancerPeriodSeconds: local ? 1 : 60 }) };
}
