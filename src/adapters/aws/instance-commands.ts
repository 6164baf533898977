import { setTimeout as sleep } from 'node:timers/promises';
import { CancelCommandCommand, GetCommandInvocationCommand, SendCommandCommand } from '@aws-sdk/client-ssm';
import type { GetCommandInvocationResult, SSMClient } from '@aws-sdk/client-ssm';
import type { CommandOutcome, InstanceCommandPort } from '../../activities/instance-command-port';
import { RETRYABLE_ERRORS, isFailure, retryableFailure } from '../../contracts/errors';
import { callAws, codeOf } from './translate-error';

const FIRST_LOOK_MS = 100;
const LOOKS_GROW_BY = 1.5;
const LONGEST_LOOK_MS = 2_000;
/** SSM takes no shorter time for the delivery. */
const SHORTEST_DELIVERY_SECONDS = 30;
const UNDER_WAY = ['Pending', 'InProgress', 'Delayed'];

/**
 * Run Command of AWS Systems Manager. The instance needs its agent and a profile with AmazonSSMManagedInstanceCore; of the output SSM keeps the
 * first 24,000 characters. A command that is given up is cancelled, so that it does not begin long after its cause is over.
 */
export function createInstanceCommands(ssm: SSMClient): InstanceCommandPort {
  return {
    async run(instanceId, command, { withinMs }) {
      const giveUpAtMs = Date.now() + withinMs;
      const CommandId = await send(ssm, instanceId, command, withinMs);
      for (let waitMs = FIRST_LOOK_MS; Date.now() < giveUpAtMs; waitMs = Math.min(waitMs * LOOKS_GROW_BY, LONGEST_LOOK_MS)) {
        await sleep(Math.min(waitMs, Math.max(1, giveUpAtMs - Date.now())));
        const seen = await look(ssm, { CommandId, InstanceId: instanceId });
        if (seen !== null && !UNDER_WAY.includes(seen.Status ?? '')) return outcomeOf(seen, instanceId);
      }
      await ssm.send(new CancelCommandCommand({ CommandId, InstanceIds: [instanceId] })).catch(() => undefined);
      throw retryableFailure('Unavailable', `the command on ${instanceId} did not end within ${withinMs} ms`);
    },
  };
}

async function send(ssm: SSMClient, instanceId: string, command: string, withinMs: number): Promise<string> {
  const seconds = Math.max(1, Math.ceil(withinMs / 1_000));
  const request = new SendCommandCommand({
    DocumentName: 'AWS-RunShellScript',
    InstanceIds: [instanceId],
    TimeoutSeconds: Math.max(SHORTEST_DELIVERY_SECONDS, seconds),
    Parameters: { commands: [command], executionTimeout: [String(seconds)] },
  });
  const answer = await callAws(`run a command on ${instanceId}`, () =>
    ssm.send(request).catch((error: unknown) => {
      if (error instanceof Error && codeOf(error) === 'InvalidInstanceId') throw retryableFailure('NotReadyYet', `${instanceId} takes no commands (yet): ${error.message}`);
      throw error;
    }),
  );
  if (answer.Command?.CommandId === undefined) throw new Error('SendCommand answered without a command');
  return answer.Command.CommandId;
}

/** Null where nothing is known this time: it was sent only just now, or SSM itself does not answer; to send it again would run it twice. */
async function look(ssm: SSMClient, which: { readonly CommandId: string; readonly InstanceId: string }): Promise<GetCommandInvocationResult | null> {
  return callAws(`look at a command on ${which.InstanceId}`, () =>
    ssm.send(new GetCommandInvocationCommand(which)).catch((error: unknown) => {
      if (error instanceof Error && codeOf(error) === 'InvocationDoesNotExist') return null;
      throw error;
    }),
  ).catch((error: unknown) => {
    if (isFailure(error, ...RETRYABLE_ERRORS)) return null;
    throw error;
  });
}

function outcomeOf({ Status, StatusDetails, ResponseCode = -1, StandardOutputContent = '', StandardErrorContent = '' }: GetCommandInvocationResult, instanceId: string): CommandOutcome {
  // Failed by its own exit code, and not because it never ran.
  if (Status === 'Success' || (Status === 'Failed' && ResponseCode !== -1)) return { exitCode: ResponseCode, stdout: StandardOutputContent, stderr: StandardErrorContent };
  throw retryableFailure('Unavailable', `the command on ${instanceId} ended as ${StatusDetails ?? Status ?? 'unknown'}`);
}
