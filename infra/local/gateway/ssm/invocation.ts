import type { CommandInvocationStatus } from '@aws-sdk/client-ssm';

/** What SSM shows of the first output of a command; more is not kept. */
export const SHOWN_CHARACTERS = { stdout: 24_000, stderr: 8_000, listed: 2_500 } as const;

export const DOCUMENT = 'AWS-RunShellScript';

/** Detailed states of SSM; its plain states know one kind of time-out. */
export type StatusDetails = 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'Cancelled' | 'DeliveryTimedOut' | 'ExecutionTimedOut';

/** A command on one instance. */
export interface Invocation {
  readonly seq: number;
  readonly commandId: string;
  readonly instanceId: string;
  readonly comment: string;
  readonly commands: readonly string[];
  readonly folder: string | undefined;
  readonly requestedAtMs: number;
  /** Not delivered after that. */
  readonly expiresAtMs: number;
  readonly executionTimeoutMs: number;
  details: StatusDetails;
  startedAtMs: number | undefined;
  endedAtMs: number | undefined;
  /** -1 until it has ended, and where it did not end by itself. */
  responseCode: number;
  stdout: string;
  stderr: string;
}

export function statusOf({ details }: Invocation): CommandInvocationStatus {
  return details === 'DeliveryTimedOut' || details === 'ExecutionTimedOut' ? 'TimedOut' : details;
}

export function hasEnded({ details }: Invocation): boolean {
  return details !== 'Pending' && details !== 'InProgress';
}

/** As `GetCommandInvocation` shows it. */
export function invocationView(one: Invocation): Record<string, unknown> {
  return {
    CommandId: one.commandId,
    InstanceId: one.instanceId,
    Comment: one.comment,
    DocumentName: DOCUMENT,
    DocumentVersion: '$DEFAULT',
    PluginName: 'aws:runShellScript',
    ResponseCode: one.responseCode,
    ExecutionStartDateTime: iso(one.startedAtMs),
    ExecutionElapsedTime: one.startedAtMs === undefined ? '' : `PT${(((one.endedAtMs ?? Date.now()) - one.startedAtMs) / 1000).toFixed(3)}S`,
    ExecutionEndDateTime: iso(one.endedAtMs),
    Status: statusOf(one),
    StatusDetails: one.details,
    StandardOutputContent: one.stdout.slice(0, SHOWN_CHARACTERS.stdout),
    StandardOutputUrl: '',
    StandardErrorContent: one.stderr.slice(0, SHOWN_CHARACTERS.stderr),
    StandardErrorUrl: '',
  };
}

/** As `ListCommandInvocations` shows it, its output only where details are asked for. */
export function invocationSummary(one: Invocation, withDetails: boolean): Record<string, unknown> {
  const plugin = {
    Name: 'aws:runShellScript',
    Status: statusOf(one),
    StatusDetails: one.details,
    ResponseCode: one.responseCode,
    ResponseStartDateTime: dateOf(one.startedAtMs),
    ResponseFinishDateTime: dateOf(one.endedAtMs),
    Output: `${one.stdout}${one.stderr === '' ? '' : `\n----------ERROR-------\n${one.stderr}`}`.slice(0, SHOWN_CHARACTERS.listed),
  };
  return {
    CommandId: one.commandId,
    InstanceId: one.instanceId,
    InstanceName: '',
    Comment: one.comment,
    DocumentName: DOCUMENT,
    DocumentVersion: '$DEFAULT',
    RequestedDateTime: new Date(one.requestedAtMs),
    Status: statusOf(one),
    StatusDetails: one.details,
    CommandPlugins: withDetails ? [plugin] : [],
  };
}

function iso(atMs: number | undefined): string {
  return atMs === undefined ? '' : new Date(atMs).toISOString();
}

function dateOf(atMs: number | undefined): Date | undefined {
  return atMs === undefined ? undefined : new Date(atMs);
}
