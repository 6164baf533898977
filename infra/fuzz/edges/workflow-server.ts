import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { activityInfo, ApplicationFailure } from '@temporalio/activity';
import { RawValue } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { environment, readConfig } from '../../../src/contracts/config';
import { SEARCH_ATTRIBUTES } from '../../../src/contracts/search-attributes';
import { provideTemporal } from '../../local/tools/provision-tools';

const BUNDLE = join(__dirname, '../../../workflow-bundle.js');
const TASK_QUEUE = 'fuzz';
const LOOK_EVERY_MS = 25;
/** What has neither ended, acted nor failed by then waits for messages, as a queue does. */
const WAITS_AFTER_MS = 1_500;

/** How far a workflow came. */
export type Came = { readonly kind: 'refused'; readonly sentence: string } | { readonly kind: 'acted' | 'ended' | 'waits' };

export interface Started {
  readonly type: string;
  readonly json: string;
  readonly signal: { readonly name: string; readonly json: string } | null;
}

export interface WorkflowServer {
  /** Starts it with this JSON as its input, and a signal where there is one, and says how far it came, and which activities were asked for. Throws where the workflow's own code failed. */
  start(started: Started, workflowId: string): Promise<{ readonly came: Came; readonly activities: readonly string[] }>;
  close(): Promise<void>;
}

/** Why there is none on this machine; null where there is one. */
export async function missingServer(): Promise<string | null> {
  try {
    await access(BUNDLE);
    await provideTemporal(tools());
    return null;
  } catch (error) {
    return `it needs the built workflows and a Temporal server: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The built workflows in a worker of a dev server of its own. Every activity is noted and refused for good. */
export async function openWorkflowServer(): Promise<WorkflowServer> {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), telemetryOptions: { logging: { filter: 'OFF' } } });
  const { path } = await provideTemporal(tools());
  const extraArgs = SEARCH_ATTRIBUTES.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]);
  const env = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path }, extraArgs, log: { format: 'pretty', level: 'never' } } });
  const asked = new Map<string, string[]>();
  const note = async (): Promise<never> => {
    const { activityType, workflowExecution } = activityInfo();
    const id = workflowExecution?.workflowId ?? '';
    asked.set(id, [...(asked.get(id) ?? []), activityType]);
    throw ApplicationFailure.nonRetryable('everything is refused here', 'Unauthorized');
  };
  const worker = await Worker.create({ connection: env.nativeConnection, taskQueue: TASK_QUEUE, workflowBundle: { codePath: BUNDLE }, activities: { default: note } });
  const running = worker.run();
  return {
    async start({ type, json, signal }, workflowId) {
      asked.delete(workflowId);
      const options = { taskQueue: TASK_QUEUE, workflowId, args: [asItIs(json)], workflowIdConflictPolicy: 'TERMINATE_EXISTING' } as const;
      const handle = await (signal === null ? env.client.workflow.start(type, options) : env.client.workflow.signalWithStart(type, { ...options, signal: signal.name, signalArgs: [asItIs(signal.json)] }));
      const end = handle.result().then((): Came => ({ kind: 'ended' }), cameTo);
      const came = await Promise.race([end, whatItDoes(handle, () => asked.has(workflowId))]);
      if (came.kind === 'acted' || came.kind === 'waits') await handle.terminate('looked at').catch(() => undefined);
      await end;
      const activities = asked.get(workflowId) ?? [];
      asked.delete(workflowId);
      return { came, activities };
    },
    async close() {
      worker.shutdown();
      await running;
      await env.teardown();
    },
  };
}

/** What JSON.stringify would not write passes as well. */
function asItIs(json: string): RawValue {
  return RawValue.fromPayload({ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(json) });
}

type Handle = ReturnType<TestWorkflowEnvironment['client']['workflow']['getHandle']>;

async function whatItDoes(handle: Handle, hasActed: () => boolean): Promise<Came> {
  const beganAtMs = Date.now();
  for (let look = 1; ; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    if (hasActed()) return { kind: 'acted' };
    const isLate = Date.now() - beganAtMs > WAITS_AFTER_MS;
    if (!isLate && look % 8 !== 0) continue;
    const { raw } = await handle.describe();
    if ((raw.pendingWorkflowTask?.attempt ?? 1) > 1) throw new Error(`the workflow's own code failed: ${await failureOf(handle)}`);
    if (isLate) return { kind: 'waits' };
  }
}

async function failureOf(handle: Handle): Promise<string> {
  const { events } = await handle.fetchHistory();
  const failed = events?.findLast(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes != null);
  await handle.terminate('its code fails');
  return failed?.workflowTaskFailedEventAttributes?.failure?.message ?? 'no reason is in its history';
}

function cameTo(error: unknown): Came {
  const cause = (error as { readonly cause?: unknown }).cause;
  return cause instanceof ApplicationFailure && cause.type === 'InvalidInput' ? { kind: 'refused', sentence: cause.message } : { kind: 'ended' };
}

function tools() {
  const { home, python, path, temporalCli } = readConfig();
  return { home, python, path, temporalCli, env: environment() as NodeJS.ProcessEnv };
}
