import { loadavg } from 'node:os';
import { join } from 'node:path';
import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import Table from 'cli-table3';
import { environment, type ForeshiftConfig, readConfig } from '../../../src/contracts/config';
import { control } from '../../local/demo/control-client';
import { launchInstance } from '../../local/demo/launch-instance';
import { startStack, type Stack } from '../../local/supervisor/start-stack';
import type { MovedInstance } from '../moves/moved-instance';
import { MovedService } from '../transfer/moves/moved-service';
import { check } from '../check';
import { moveDisks } from './move-disks';
import { LOAD, MAX_PAUSE_MS, moveState } from './move-state';
import { TwoRegions } from './two-regions';

const DATA_MIB = Number(process.argv[2] ?? 256);
const CHANGED_MIB = Number(process.argv[3] ?? 16);
/** Of what changed; the listing of the volume's files comes to a few blocks more. */
const CARRIED_AT_MOST = 1.2;

/** Moves instances between the local cloud's two regions, by each strategy. The exit code is 1 where content differs, anything is lost, left over or carried beyond what changed. How long it takes on AWS it cannot tell: nothing is between these regions. */
async function main(config: ForeshiftConfig): Promise<void> {
  const stack = await startStack({ name: 'bench-regions', config, env: { ...environment() }, worker: true, onProgress: () => undefined });
  try {
    const service = await MovedService.on(stack, config);
    const { moved } = service;
    const regions = new TwoRegions(stack, moved.aws);
    const table = new Table({ head: ['strategy', 'outcome', 's', 'MiB carried by the worker', 'load'], style: { head: [], border: [] } });
    for (const sync of ['image', 'blocks'] as const) {
      const move = await moveDisks(moved, regions, await newInstance(stack, moved, sync), { sync, dataMib: DATA_MIB, changedMib: CHANGED_MIB });
      table.push([sync, move.result.kind, move.seconds.toFixed(1), move.carriedMib.toFixed(1), loadavg()[0]?.toFixed(1) ?? '']);
      check(`${sync}: ${move.result.kind}, content ${move.isSame ? 'equal' : 'DIFFERS'}; target Completed, equal`, move.isSame);
      check(`${sync}: ${move.left.length} left over in either region (${move.left.join(', ')}); target 0`, move.left.length === 0);
      if (sync === 'blocks') check(`blocks: ${move.carriedMib.toFixed(1)} MiB carried, ${CHANGED_MIB} MiB changed; target at most ${CARRIED_AT_MOST} times that`, move.carriedMib <= CARRIED_AT_MOST * CHANGED_MIB);
    }
    const { result, pauseMs, report, lost, left } = await moveState(service, regions);
    check(`replicate, ${LOAD.writesPerSecond} writes/s and ${LOAD.readsPerSecond} reads/s: ${result.kind}; target Completed`, result.kind === 'Completed');
    check(`replicate: ${report.writes + report.reads} requests answered, ${report.failed} failed, ${lost} acknowledged writes lost, ${report.stale} stale reads, ${left.length} left over; target 0 each`, report.failed + lost + report.stale + left.length === 0);
    check(`replicate: pause ${pauseMs ?? 'unknown'} ms, longest time without an answer ${Math.round(report.longestGapMs)} ms; target ${MAX_PAUSE_MS} ms`, (pauseMs ?? Infinity) <= MAX_PAUSE_MS);
    console.log(table.toString());
    await service.close();
  } finally {
    await stack.stop();
  }
}

/** An instance that no balancer knows. */
async function newInstance(stack: Stack, { aws }: MovedInstance, name: string): Promise<string> {
  const { imageId } = await control<{ imageId: string }>(stack.info.awsEndpoint, 'POST', '/_local/images', { name, directory: join(__dirname, '../../local/demo/service') });
  const { Subnets = [] } = await aws.ec2.send(new DescribeSubnetsCommand({}));
  return launchInstance(aws.ec2, { imageId, subnet: Subnets[0], userData: `#!/bin/sh\nSERVICE=${name} exec "$NODE" service.js\n`, tags: { Name: name, 'foreshift:service': name } });
}

main(readConfig()).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
