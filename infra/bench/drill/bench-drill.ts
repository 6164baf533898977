import { loadavg } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import Table from 'cli-table3';
import { createAwsClients } from '../../../src/adapters/aws/clients';
import { environment, readConfig, type ForeshiftConfig } from '../../../src/contracts/config';
import { REHEARSE_ROLLBACK, type RehearseRollbackResult } from '../../../src/contracts/rehearse-rollback';
import { migrationWorkflowId } from '../../../src/contracts/workflow-ids';
import { createFleet } from '../../local/demo/demo-fleet';
import { leftOver, takeInventory } from '../../local/demo/inventory';
import { startLoad } from '../../local/load/load-generator';
import { startStack } from '../../local/supervisor/start-stack';
import { check } from '../check';

const DRILLS = 7;
const REQUESTS_PER_SECOND = 200;
const SHARE_PERCENT = 20;
/** The fixed waits of the local pace are 3 s of it. */
const TIME_TO_SAFE_MS = 10_000;

/** Rehearses the way back again and again under live traffic. The exit code is 1 where a request failed, something was left or a target was missed. */
async function main(config: ForeshiftConfig): Promise<void> {
  const stack = await startStack({ name: 'bench-drill', config, env: { ...environment() }, worker: true, onProgress: () => undefined });
  try {
    const aws = createAwsClients({ region: config.awsRegion, endpoint: stack.info.awsEndpoint, credentials: { accessKeyId: 'BENCH', secretAccessKey: 'local-cloud-only' } });
    const fleet = await createFleet(stack.info.awsEndpoint, aws);
    const instanceId = fleet.instances[0]?.instanceId ?? '';
    const connection = await Connection.connect({ address: stack.info.temporalAddress });
    const client = new Client({ connection, namespace: config.temporalNamespace });
    const table = new Table({ head: ['drill', 'ended as', 'verdict', 'weights back', 'time to safe', 'removed', 'load'], style: { head: [], border: [] } });
    const before = await takeInventory(stack.info.awsEndpoint, aws.elb);
    const load = startLoad({ url: fleet.url, path: '/items', ratePerSecond: REQUESTS_PER_SECOND, connections: 16 });
    const times: number[] = [];
    for (let drill = 1; drill <= DRILLS; drill += 1) {
      const result = (await client.workflow.execute(REHEARSE_ROLLBACK, { taskQueue: config.taskQueue, workflowId: migrationWorkflowId(instanceId), args: [{ instanceId, sync: 'none', sharePercent: SHARE_PERCENT }] })) as RehearseRollbackResult;
      if (result.kind === 'Rehearsed') times.push(result.timeToSafeMs);
      table.push([drill, result.kind, ...figuresOf(result), loadavg()[0]?.toFixed(1)]);
    }
    const { started, failed, unfinished } = await load.stop();
    const left = leftOver(before, await takeInventory(stack.info.awsEndpoint, aws.elb), []);
    await connection.close();
    console.log(table.toString());
    const sorted = times.toSorted((a, b) => a - b);
    const [median = Infinity, slowest = Infinity] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
    check(`${times.length} of ${DRILLS} drills went there and back, target: all`, times.length === DRILLS);
    check(`${failed + unfinished} of ${started} requests failed or were cut, target: 0`, failed + unfinished === 0 && started > 0);
    check(`${left.length} things left over, target: 0`, left.length === 0);
    check(`time to safe: median ${(median / 1_000).toFixed(1)} s, slowest ${(slowest / 1_000).toFixed(1)} s, target: the median at most ${TIME_TO_SAFE_MS / 1_000} s`, median <= TIME_TO_SAFE_MS);
  } finally {
    await stack.stop();
  }
}

function figuresOf(result: RehearseRollbackResult): string[] {
  if (result.kind !== 'Rehearsed') return ['reasons' in result ? result.reasons.join('; ') : '', '', '', ''];
  const { verdict, weightsBackMs, timeToSafeMs, removedMs } = result;
  return [verdict?.kind ?? '-', ...[weightsBackMs, timeToSafeMs, removedMs].map((ms) => `${(ms / 1_000).toFixed(2)} s`)];
}

void main(readConfig());
