import { z } from 'zod';
import { pageOf } from '../ec2/paging';
import { AwsError, type OperationHandler } from '../operation';
import type { Commands } from './commands';
import { DOCUMENT, hasEnded, invocationSummary, invocationView, type Invocation } from './invocation';
import { isManaged } from './managed-instances';
import { parse } from './parse';

const commandId = z.string().length(36);
const instanceIds = z.array(z.string().min(1)).max(50);
const seconds = z.string().regex(/^\d{1,6}$/);
const sending = z.object({
  DocumentName: z.string().min(1),
  InstanceIds: instanceIds.default([]),
  Targets: z.undefined({ error: 'Targets is not supported in the local cloud' }).optional(),
  TimeoutSeconds: z.number().int().min(30).max(2_592_000).default(3_600),
  Comment: z.string().max(100).default(''),
  Parameters: z.record(z.string(), z.array(z.string())).default({}),
});
const parameters = z.strictObject({
  commands: z.array(z.string()).min(1),
  workingDirectory: z.array(z.string()).max(1).default([]),
  executionTimeout: z.tuple([seconds]).default(['3600']),
});
const naming = z.object({ CommandId: commandId, InstanceId: z.string().min(1), PluginName: z.string().optional() });
const cancelling = z.object({ CommandId: commandId, InstanceIds: instanceIds.default([]) });
const listing = z.object({ CommandId: commandId.optional(), InstanceId: z.string().optional(), Details: z.boolean().default(false), MaxResults: z.number().int().min(1).max(50).optional(), NextToken: z.string().optional() });

/** Shell commands on instances, as SSM's Run Command answers them. */
export function commandOperations(commands: Commands): Record<string, OperationHandler> {
  const { cloud } = commands;
  return {
    SendCommand: (call) => {
      const request = parse(sending, call);
      if (request.DocumentName !== DOCUMENT) throw new AwsError('InvalidDocument', `Document with name ${request.DocumentName} does not exist.`);
      if (new Set(request.InstanceIds).size < request.InstanceIds.length) throw new AwsError('DuplicateInstanceId', 'The InstanceIds list contains duplicates.');
      const given = parameters.safeParse(request.Parameters);
      if (!given.success) throw new AwsError('InvalidParameters', `${given.error.issues[0]?.path.join('.') ?? ''}: ${given.error.issues[0]?.message ?? ''}`);
      const unmanaged = request.InstanceIds.filter((id) => !isManaged(cloud, id));
      if (unmanaged.length > 0 || request.InstanceIds.length === 0) throw invalidInstance(`Instances [[${unmanaged.join(', ')}]] not in a valid state for account ${cloud.deps.accountId}`);
      const { commands: lines, workingDirectory, executionTimeout } = given.data;
      const sent = commands.send({
        instanceIds: request.InstanceIds,
        comment: request.Comment,
        commands: lines,
        folder: workingDirectory[0] === '' ? undefined : workingDirectory[0],
        deliverWithinMs: request.TimeoutSeconds * 1_000,
        executionTimeoutMs: Number(executionTimeout[0]) * 1_000,
      });
      return {
        Command: {
          CommandId: sent[0]?.commandId,
          DocumentName: DOCUMENT,
          DocumentVersion: '$DEFAULT',
          Comment: request.Comment,
          Parameters: request.Parameters,
          InstanceIds: request.InstanceIds,
          RequestedDateTime: new Date(sent[0]?.requestedAtMs ?? 0),
          ExpiresAfter: new Date(sent[0]?.expiresAtMs ?? 0),
          TimeoutSeconds: request.TimeoutSeconds,
          Status: 'Pending',
          StatusDetails: 'Pending',
          TargetCount: sent.length,
          CompletedCount: 0,
          ErrorCount: 0,
        },
      };
    },
    GetCommandInvocation: (call) => {
      const { CommandId, InstanceId, PluginName } = parse(naming, call);
      if (PluginName !== undefined && PluginName !== 'aws:runShellScript') throw new AwsError('InvalidPluginName', `The plugin name ${PluginName} is not valid.`);
      const [found] = visible(commands.find(CommandId, InstanceId), cloud.deps.delays.notFoundAfterCreateMs);
      if (found === undefined) throw new AwsError('InvocationDoesNotExist', '');
      return invocationView(found);
    },
    ListCommandInvocations: (call) => {
      const request = parse(listing, call);
      const found = visible(commands.find(request.CommandId, request.InstanceId), cloud.deps.delays.notFoundAfterCreateMs);
      const { items, nextToken } = pageOf(found, request);
      return { CommandInvocations: items.map((one) => invocationSummary(one, request.Details)), NextToken: nextToken };
    },
    CancelCommand: (call) => {
      const { CommandId, InstanceIds } = parse(cancelling, call);
      const found = commands.find(CommandId, undefined);
      if (found.length === 0) throw new AwsError('InvalidCommandId', `The command ${CommandId} does not exist.`);
      const missing = InstanceIds.filter((id) => !found.some(({ instanceId }) => instanceId === id));
      if (missing.length > 0) throw invalidInstance(`The command ${CommandId} was not sent to ${missing.join(', ')}`);
      for (const one of found) if (!hasEnded(one) && (InstanceIds.length === 0 || InstanceIds.includes(one.instanceId))) commands.cancel(one);
      return {};
    },
  };
}

/** What was sent this very moment is not to be seen yet. */
function visible(invocations: readonly Invocation[], afterMs: number): readonly Invocation[] {
  return invocations.filter(({ requestedAtMs }) => Date.now() >= requestedAtMs + afterMs);
}

function invalidInstance(message: string): AwsError {
  return new AwsError('InvalidInstanceId', message);
}
