import { DeleteAlarmsCommand, DescribeAlarmHistoryCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Client } from '@temporalio/client';
import type { ForeshiftConfig } from '../../../src/contracts/config';
import { callQueue } from '../../../src/adapters/temporal/queue-client';
import { MIGRATION_MESSAGES } from '../../../src/contracts/migrate-instance';
import { QUEUE_MESSAGES } from '../../../src/contracts/migration-queue';
import { migrationWorkflowId } from '../../../src/contracts/workflow-ids';
import type { QueuePolicy } from '../../../src/domain/queue/queue-policy';
import type { DemoFleet, FleetInstance } from '../../local/demo/demo-fleet';
import { startLoad } from '../../local/load/load-generator';
import { until } from './until';

/** More than an instance uses that nobody asks anything, less than one that is asked 130 times a second. */
const BUSY_PERCENT = 5;
const RATE_PER_SECOND = 400;
const PATHS = ['/items', '/api/items'];
/** The queue holds nothing back: what is measured is the way to it. */
const NO_LIMITS: Partial<QueuePolicy> = { maxConcurrent: { fleet: 1_000, pool: 1_000, service: 1_000 }, maxMovesPerHour: 10_000, maxCostUsdPerDay: 1e9, cooldownMs: 0, noReturnMs: 0, breakerFailures: 1_000, minHealthyOthers: 0, reserveAheadMs: 0 };

export interface LatencyOptions {
  readonly cloudwatch: CloudWatchClient;
  readonly client: Client;
  readonly config: Pick<ForeshiftConfig, 'taskQueue'>;
  readonly fleet: DemoFleet;
  readonly breaches: number;
}

/** From an alarm's change of state, by real requests, to the begin of the instance's migration, in ms; one for each breach. */
export async function breachLatencies({ cloudwatch, client, config, fleet, breaches }: LatencyOptions): Promise<readonly number[]> {
  await callQueue(client, config.taskQueue, 'demo', QUEUE_MESSAGES.configure, NO_LIMITS);
  const latencies: number[] = [];
  for (let round = 1; latencies.length < breaches; round += 1) {
    // Names of their own: the same alarm again and again would flap.
    const alarms = fleet.instances.map((instance) => ({ instance, name: `busy-${round}-${instance.name}` }));
    for (const { name, instance } of alarms) await cloudwatch.send(new PutMetricAlarmCommand(alarmOf(name, instance)));
    const sinceMs = Date.now();
    const loads = PATHS.map((path) => startLoad({ url: fleet.url, path, ratePerSecond: RATE_PER_SECOND, connections: 16 }));
    const measured = await Promise.all(
      alarms.map(async ({ name, instance: { instanceId } }) => {
        const latencyMs = await latencyOf(cloudwatch, client, name, instanceId, sinceMs);
        await endMove(client, instanceId);
        return latencyMs;
      }),
    );
    await Promise.all(loads.map((load) => load.stop()));
    latencies.push(...measured);
    await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: alarms.map(({ name }) => name) }));
  }
  return latencies.slice(0, breaches);
}

function alarmOf(AlarmName: string, { instanceId }: FleetInstance): PutMetricAlarmCommand['input'] {
  return { AlarmName, Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Dimensions: [{ Name: 'InstanceId', Value: instanceId }], Statistic: 'Average', Period: 10, EvaluationPeriods: 1, Threshold: BUSY_PERCENT, ComparisonOperator: 'GreaterThanThreshold' };
}

async function latencyOf(cloudwatch: CloudWatchClient, client: Client, alarm: string, instanceId: string, sinceMs: number): Promise<number> {
  const began = await until(`the migration of ${instanceId}`, async () => {
    const description = await client.workflow.getHandle(migrationWorkflowId(instanceId)).describe().catch(() => undefined);
    return description !== undefined && description.startTime.getTime() >= sinceMs ? description.startTime.getTime() : undefined;
  }, 90_000);
  const { AlarmHistoryItems = [] } = await cloudwatch.send(new DescribeAlarmHistoryCommand({ AlarmName: alarm, HistoryItemType: 'StateUpdate' }));
  const changes = AlarmHistoryItems.filter(({ HistorySummary }) => HistorySummary?.endsWith('to ALARM') === true).map(({ Timestamp }) => Timestamp?.getTime() ?? NaN);
  return began - Math.min(...changes);
}

/** Sends it back to where it was, so that the next breach finds the same instance. */
async function endMove(client: Client, instanceId: string): Promise<void> {
  const handle = client.workflow.getHandle(migrationWorkflowId(instanceId));
  await handle.executeUpdate(MIGRATION_MESSAGES.abort, { args: [{ reason: 'measured' }] }).catch(() => undefined);
  await handle.result().catch(() => undefined);
}
