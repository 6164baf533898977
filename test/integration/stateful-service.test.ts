import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandOutcome } from '../../src/activities/instance-command-port';
import { readConfig } from '../../src/contracts/config';
import type { TransferStatus } from '../../src/transfer/agent/transfer-status';
import type { KvClient } from '../../infra/local/demo/stateful/kv-client';
import type { MovedService } from '../../infra/bench/transfer/moves/moved-service';
import type { StatefulScene } from '../../infra/local/demo/stateful/stateful-scene';
import type { Stack } from '../../infra/local/supervisor/start-stack';
import { built } from '../support/built';

const LOAD = { writesPerSecond: 100, readsPerSecond: 400 } as const;
const STATUS = 'foreshift agent status --brief';

describe('a stateful service on the local cloud', () => {
  let stack: Stack;
  let scene: StatefulScene;
  let moved: MovedService;
  let client: KvClient;
  let run: (command: string) => Promise<CommandOutcome>;
  beforeAll(async () => {
    const config = readConfig();
    const { startStack } = built<typeof import('../../infra/local/supervisor/start-stack')>('infra/local/supervisor/start-stack');
    const { createAwsClients } = built<typeof import('../../src/adapters/aws/clients')>('src/adapters/aws/clients');
    const { createInstanceCommands } = built<typeof import('../../src/adapters/aws/instance-commands')>('src/adapters/aws/instance-commands');
    const { MovedService } = built<typeof import('../../infra/bench/transfer/moves/moved-service')>('infra/bench/transfer/moves/moved-service');
    const kv = built<typeof import('../../infra/local/demo/stateful/kv-client')>('infra/local/demo/stateful/kv-client');
    stack = await startStack({ name: 'test-stateful', config, env: process.env, worker: true, onProgress: () => undefined });
    const aws = createAwsClients({ region: config.awsRegion, endpoint: stack.info.awsEndpoint, credentials: { accessKeyId: 'TEST', secretAccessKey: 'local-cloud-only' } });
    moved = await MovedService.on(stack, config);
    ({ scene } = moved);
    const commands = createInstanceCommands(aws.ssm);
    run = (command) => commands.run(scene.instanceId, command, { withinMs: 20_000 });
    client = new kv.KvClient(scene.url);
  }, 300_000);
  afterAll(async () => {
    client.close();
    await moved.close();
    await stack.stop();
  });

  const pidOf = (program: string): string => `pgrep -f "${program}.*$FORESHIFT_ADDRESS"`;
  const agentStatus = async (): Promise<TransferStatus> => {
    for (;;) {
      const { exitCode, stdout } = await run(STATUS);
      if (exitCode === 0) return JSON.parse(stdout) as TransferStatus;
    }
  };

  it('serves through its balancer, and its agent answers commands', async () => {
    client.start(LOAD);
    await sleep(2_000);
    const { writes, reads, failed, firstFailures, stale } = client.takeReport();
    expect({ failed, firstFailures, stale }).toEqual({ failed: 0, firstFailures: [], stale: 0 });
    expect(Math.min(writes, reads)).toBeGreaterThan(50);
    expect(await agentStatus()).toMatchObject({ phase: 'idle', door: { port: 8080, upstream: { port: 9000 }, isHolding: false } });
  });

  it('fails no request when its agent is killed, and has another one soon', async () => {
    const before = (await run(pidOf('[a]gent serve'))).stdout;
    expect((await run(`kill -9 $(${pidOf('[a]gent serve')})`)).exitCode).toBe(0);
    expect((await agentStatus()).phase).toBe('idle');
    expect((await run(pidOf('[a]gent serve'))).stdout).not.toBe(before);
    const { writes, failed, firstFailures, stale } = client.takeReport();
    expect({ failed, firstFailures, stale }).toEqual({ failed: 0, firstFailures: [], stale: 0 });
    expect(writes).toBeGreaterThan(20);
  });

  it('keeps every acknowledged write when its service is killed in the midst of them', async () => {
    expect((await run(`kill -9 $(${pidOf('[k]v-service.js')})`)).exitCode).toBe(0);
    await sleep(3_000);
    const { writes, stale } = client.takeReport();
    expect(stale).toBe(0);
    expect(writes).toBeGreaterThan(0);
    await client.stop();
    expect(await client.lost()).toEqual([]);
  });

  it('is moved under load and, as its shadow turns bad late in the bake, moved back: no acknowledged write is lost, no request fails but by what was bad', async () => {
    const { runMove } = built<typeof import('../../infra/bench/transfer/moves/run-move')>('infra/bench/transfer/moves/run-move');
    const { MOVE_FAULTS } = built<typeof import('../../infra/bench/transfer/moves/move-faults')>('infra/bench/transfer/moves/move-faults');
    const turnsBad = MOVE_FAULTS.find(({ title }) => title === 'the shadow turns bad late in the bake');
    if (turnsBad === undefined) throw new Error('no such fault');
    client.start(LOAD);
    const outcome = await runMove(moved, client, scene.instanceId, turnsBad, 2_000);
    expect(outcome).toMatchObject({ result: { kind: 'RolledBack', phase: 'bake' }, whyNot: null, unexcused: 0, report: { stale: 0 } });
    expect(outcome.pauseMs).toBeGreaterThan(0);
    expect(outcome.report.writes).toBeGreaterThan(500);
    await client.stop();
    expect(await client.lost()).toEqual([]);
    expect(await run(STATUS).then(({ stdout }) => JSON.parse(stdout) as TransferStatus)).toMatchObject({ role: 'live', door: { isHolding: false, upstream: { port: 9000 } } });
  }, 180_000);
});
