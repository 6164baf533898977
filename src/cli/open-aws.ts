import { createAwsClients } from '../adapters/aws/clients';
import type { AwsClients } from '../adapters/aws/clients';
import { readConfig } from '../contracts/config';
import { resolveConfig } from './environment';

/** The local cloud knows one account and checks nothing. */
const LOCAL_CREDENTIALS = { accessKeyId: 'FORESHIFTCLI', secretAccessKey: 'local-cloud-only' };

/** AWS, or, where the other commands would use it as well, the local cloud that is up. */
export async function openAws(stackName: string): Promise<{ readonly clients: AwsClients; readonly local: boolean }> {
  const { awsEndpoint, awsRegion } = await resolveConfig(stackName);
  const local = awsEndpoint !== null && awsEndpoint !== readConfig().awsEndpoint;
  const clients = createAwsClients({
    region: awsRegion,
    ...(awsEndpoint === null ? {} : { endpoint: awsEndpoint }),
    ...(local ? { credentials: LOCAL_CREDENTIALS } : {}),
  });
  return { clients, local };
}
