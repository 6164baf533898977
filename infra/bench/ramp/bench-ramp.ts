import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import Table from 'cli-table3';
import { createAwsClients } from '../../../src/adapters/aws/clients';
import { environment, type ForeshiftConfig, readConfig } from '../../../src/contracts/config';
import { MIGRATE_INSTANCE, type MigrateInstanceResult } from '../../../src/contracts/migrate-instance';
import { migrationWorkflowId } from '../../../src/contracts/workflow-ids';
import { control } from '../../local/demo/control-client';
import { createFleet, type DemoFleet } from '../../local/demo/demo-fleet';
import { leftOver, takeInventory } from '../../local/demo/inventory';
import { startLoad } from '../../local/load/load-generator';
import { startStack } from '../../local/supervisor/start-stack';

const REQUESTS_PER_SECOND = 3_000;
const SLOW = { ms: 3_000, perSecond: 20 } as const;
const CONNECTIONS = 64;
const QUIET_MS = 10_000;
/** Of the requests that were to be sent, so many must have been: a generator that cannot keep up proves nothing. */
const SENT_AT_LEAST = 0.9;

interface RampCase {
  readonly title: string;
  readonly instance: string;
  /** How long the balancer serves old weights after it answered with new ones. */
  readonly balancerLateMs: number;
  readonly rampStepMs: number;
}

const CASES: readonly RampCase[] = [
  { title: 'balancer at its own pace', instance: 'web-1', balancerLateMs: 0, rampStepMs: 5_000 },
  { title: 'weights served 30 s late', instance: 'web-2', balancerLateMs: 30_000, rampStepMs: 30_000 },
];

/** Moves an instance of the demo's fleet under a high rate of requests, some of them slow. The exit code is 1 where one failed, was cut or was left over. */
async function main(config: ForeshiftConfig): Promise<void> {
  const stack = await startStack({ name: 'bench-ramp', config, env: { ...environment() }, worker: true, onProgress: () => undefined });
  try {
    const aws = createAwsClients({ region: config.awsRegion, endpoint: stack.info.awsEndpoint, credentials: { accessKeyId: 'BENCH', secretAccessKey: 'local-cloud-only' } });
    const fleet = await createFleet(stack.info.awsEndpoint, aws);
    const connection = await Connection.connect({ address: stack.info.temporalAddress });
    const client = new Client({ connection, namespace: config.temporalNamespace });
    const table = new Table({ head: ['ramp under load', 'outcome', 'requests', '/s', 'failed', 'unfinished', 'p50 / p99 before', 'during', 'slow sent', 'slow failed', 'left over', 'load'], style: { head: [], border: [] } });
    for (const one of CASES) {
      await control(stack.info.awsEndpoint, 'PUT', '/_local/delays', { balancerPropagationMs: one.balancerLateMs });
      const before = await takeInventory(stack.info.awsEndpoint, aws.elb);
      const { row, held, result } = await moveUnderLoad(one, fleet, (instanceId) => migrate(client, config.taskQueue, instanceId, one));
      const left = leftOver(before, await takeInventory(stack.info.awsEndpoint, aws.elb), result.kind === 'Completed' ? [result.replacementId] : []);
      table.push([...row, left.length, loadavg()[0]?.toFixed(1)]);
      if (!held || left.length > 0) process.exitCode = 1;
    }
    console.log(`${table.toString()}\nevery move completed, 0 failed, 0 cut, 0 left over, at ${100 * SENT_AT_LEAST} % of ${REQUESTS_PER_SECOND} requests/s or more, target: ${process.exitCode === 1 ? 'MISSED' : 'held'}`);
    await connection.close();
  } finally {
    await stack.stop();
  }
}

async function moveUnderLoad({ title, instance }: RampCase, fleet: DemoFleet, move: (instanceId: string) => Promise<MigrateInstanceResult>): Promise<{ row: (string | number)[]; held: boolean; result: MigrateInstanceResult }> {
  const usual = startLoad({ url: fleet.url, path: '/items', ratePerSecond: REQUESTS_PER_SECOND, connections: CONNECTIONS });
  const slow = startLoad({ url: fleet.url, path: `/items?slow=${SLOW.ms}`, ratePerSecond: SLOW.perSecond, connections: (SLOW.perSecond * SLOW.ms * 2) / 1000 });
  await sleep(QUIET_MS);
  const fromMs = Date.now();
  const result = await move(fleet.instances.find(({ name }) => name === instance)?.instanceId ?? '');
  const toMs = Date.now();
  const [usualSum, slowSum] = await Promise.all([usual.stop(), slow.stop()]);
  const [earlier, during] = [usual.stats(0, fromMs), usual.stats(fromMs, toMs)];
  const perSecond = (during.sent * 1000) / (toMs - fromMs);
  const failed = usualSum.failed + usualSum.unfinished + slowSum.failed + slowSum.unfinished;
  for (const failure of [...usualSum.firstFailures, ...slowSum.firstFailures]) console.log(`${title}: ${new Date(failure.atMs).toISOString()} ${failure.outcome} after ${failure.latencyMs.toFixed(0)} ms`);
  return {
    row: [title, result.kind, usualSum.started, perSecond.toFixed(0), usualSum.failed, usualSum.unfinished, times(earlier), times(during), slowSum.started, slowSum.failed + slowSum.unfinished],
    held: result.kind === 'Completed' && failed === 0 && perSecond >= SENT_AT_LEAST * REQUESTS_PER_SECOND,
    result,
  };
}

async function migrate(client: Client, taskQueue: string, instanceId: string, { rampStepMs }: RampCase): Promise<MigrateInstanceResult> {
  return (await client.workflow.execute(MIGRATE_INSTANCE, { taskQueue, workflowId: migrationWorkflowId(instanceId), args: [{ instanceId, rampStepsPercent: [5, 25, 50, 100], rampStepMs }] })) as MigrateInstanceResult;
}

function times({ p50Ms, p99Ms }: { readonly p50Ms: number; readonly p99Ms: number }): string {
  return `${p50Ms.toFixed(1)} / ${p99Ms.toFixed(1)} ms`;
}

void main(readConfig());
