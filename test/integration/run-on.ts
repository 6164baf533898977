import { ListCommandInvocationsCommand, SendCommandCommand } from '@aws-sdk/client-ssm';
import type { AwsClients } from '../../src/adapters/aws/clients';

/** Runs a command on an instance of the local cloud; what it wrote to its standard output. */
export async function runOn({ ssm }: Pick<AwsClients, 'ssm'>, instanceId: string, command: string): Promise<string> {
  const { Command } = await ssm.send(new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', InstanceIds: [instanceId], Parameters: { commands: [command] } }));
  for (let look = 0; look < 200; look += 1) {
    const { CommandInvocations } = await ssm.send(new ListCommandInvocationsCommand({ CommandId: Command?.CommandId, InstanceId: instanceId, Details: true }));
    if (CommandInvocations?.[0]?.Status === 'Success') return CommandInvocations[0].CommandPlugins?.[0]?.Output ?? '';
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`"${command}" did not succeed on ${instanceId}`);
}
