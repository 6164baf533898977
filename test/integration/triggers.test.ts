import { spawn, execFile } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DescribeAlarmHistoryCommand, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { TRIGGER_ATTRIBUTE } from '../../src/contracts/search-attributes';
import { queueWorkflowId } from '../../src/contracts/workflow-ids';
import type { QueueStatus } from '../../src/contracts/migration-queue';
import { built } from '../support/built';
import { LiveFleet } from './live-fleet';

const STACK = 'test-triggers';
const NAME = 'test-alarms';
const FORESHIFT = join(__dirname, '../../bin/foreshift.js');
/** More than an instance uses that nobody asks anything, less than one that is asked 130 times a second. */
const BUSY_PERCENT = 5;

/** `foreshift triggers serve`, as it runs in production, and what it logs. */
class Server {
  readonly lines: string[] = [];

  private constructor(private readonly child: ChildProcess) {}

  static async start(): Promise<Server> {
    const child = spawn(process.execPath, [FORESHIFT, 'triggers', 'serve', '--rules', join(__dirname, '../../examples/triggers/rules.yaml'), '--queue', NAME, '--stack', STACK], { stdio: ['ignore', 'pipe', 'inherit'] });
    const server = new Server(child);
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => server.lines.push(line));
    await until('the server takes messages', () => server.lines.some((line) => line.includes('takes messages')));
    return server;
  }

  /** Fates of changes, told by the alarm's name. */
  fatesOf(name: string): string[] {
    return this.lines.map((line) => JSON.parse(line) as { msg: string; fate?: string }).flatMap(({ msg, fate }) => (fate !== undefined && msg.startsWith(`${name} `) ? [fate] : []));
  }

  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    const [code] = (await once(this.child, 'exit')) as [number | null];
    return code;
  }
}

async function until<T>(what: string, ask: () => Promise<T | false | undefined> | T | false | undefined, withinMs = 30_000): Promise<T> {
  for (const giveUpAtMs = Date.now() + withinMs; ; await sleep(50)) {
    const answer = await ask();
    if (answer !== false && answer !== undefined) return answer;
    if (Date.now() > giveUpAtMs) throw new Error(`${what}: not within ${withinMs / 1000} s`);
  }
}

describe('alarms and events on the local cloud', () => {
  let live: LiveFleet;
  let server: Server;
  let topicArn: string;

  beforeAll(async () => {
    live = await LiveFleet.start(STACK);
    const install = () => promisify(execFile)(process.execPath, [FORESHIFT, 'triggers', 'install', '--name', NAME, '--stack', STACK, '--json']);
    const [first, second] = [await install(), await install()];
    expect(second.stdout).toBe(first.stdout);
    ({ topicArn } = JSON.parse(first.stdout) as { topicArn: string });
    server = await Server.start();
  }, 300_000);
  afterAll(async () => {
    await live.stop();
  });

  const queue = (): Promise<QueueStatus> => live.client.workflow.getHandle(queueWorkflowId('demo')).query<QueueStatus>('status');
  const urlOf = async (QueueName: string): Promise<string> => (await live.aws.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';
  const cpuAlarm = (name: string, instance: string) =>
    live.aws.cloudwatch.send(new PutMetricAlarmCommand({ AlarmName: name, Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Dimensions: [{ Name: 'InstanceId', Value: live.instance(instance) }], Statistic: 'Average', Period: 10, EvaluationPeriods: 1, Threshold: BUSY_PERCENT, ComparisonOperator: 'GreaterThanThreshold', AlarmActions: [topicArn] }));

  it('a breach in live traffic begins one migration within 5 s, though EventBridge and SNS both tell of it', async () => {
    await cpuAlarm('busy', 'web-1');
    const { startLoad } = built<typeof import('../../infra/local/load/load-generator')>('infra/local/load/load-generator');
    const load = startLoad({ url: live.fleet.url, path: '/items', ratePerSecond: 400, connections: 16 });
    const migration = live.client.workflow.getHandle(`migration/${live.instance('web-1')}`);
    const described = await until('the migration begins', () => migration.describe().catch(() => undefined));
    const changed = JSON.parse(server.lines.find((line) => line.includes('"started"')) ?? '{}') as { time: number };
    await load.stop();
    const alarm = (await queue()).running[0]?.request;
    expect(alarm).toMatchObject({ instanceId: live.instance('web-1'), requestedBy: 'trigger:alarm:hot-instance' });
    const changedAtMs = await changedAt('busy');
    expect(described.startTime.getTime() - changedAtMs).toBeLessThan(5_000);
    expect(changed.time - changedAtMs).toBeLessThan(5_000);
    expect(await until('it says what triggered it', async () => (await migration.describe()).typedSearchAttributes.get(TRIGGER_ATTRIBUTE))).toBe('alarm');
    await until('both ways told of it', () => server.fatesOf('busy').filter((fate) => fate === 'started' || fate === 'duplicate').length === 2);
    expect(server.fatesOf('busy').filter((fate) => fate === 'started')).toHaveLength(1);
  }, 60_000);

  it('an OK takes back what waits, a spot warning waits too, and garbage goes to the dead letters with its reason', async () => {
    await live.client.workflow.getHandle(queueWorkflowId('demo')).executeUpdate('pause', { args: [{ reason: 'a test' }] });
    // Nothing is ever measured of them, so that they stay as they are set.
    const silent = (name: string) => live.aws.cloudwatch.send(new PutMetricAlarmCommand({ AlarmName: name, Namespace: 'T', MetricName: 'Nothing', Statistic: 'Average', Period: 10, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'ignore' }));
    const set = (AlarmName: string, StateValue: 'ALARM' | 'OK') => live.aws.cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'a test' }));
    const named = `contended-${live.instance('api-1')}`;
    await silent('quiet');
    await silent(named);
    const waitsFor = async (instance: string): Promise<boolean> => (await queue()).queued.some(({ request }) => request.instanceId === live.instance(instance));
    await set(named, 'ALARM');
    await until('it waits', async () => (await waitsFor('api-1')) || undefined);
    await set(named, 'OK');
    await until('it is taken back', async () => !(await waitsFor('api-1')) || undefined);
    await set('quiet', 'ALARM');
    await until('nobody names it', () => server.fatesOf('quiet').includes('refused'));
    const entry = { Source: 'aws.ec2', DetailType: 'EC2 Spot Instance Interruption Warning', Detail: JSON.stringify({ 'instance-id': live.instance('api-2'), 'instance-action': 'terminate' }), Time: new Date() };
    await live.aws.events.send(new PutEventsCommand({ Entries: [entry] }));
    await until('the spot instance waits', async () => (await waitsFor('api-2')) || undefined);
    await live.aws.sqs.send(new SendMessageCommand({ QueueUrl: await urlOf(NAME), MessageBody: 'garbage' }));
    const dead = await urlOf(`${NAME}-dead`);
    const letter = await until('the dead letter', async () => (await live.aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: dead, WaitTimeSeconds: 1, MessageAttributeNames: ['All'] }))).Messages?.[0]);
    expect(letter).toMatchObject({ Body: 'garbage', MessageAttributes: { 'foreshift-reason': { StringValue: 'not understood: the body is no JSON' } } });
    expect(await server.stop()).toBe(0);
    expect(await live.verifyAudit()).toMatchObject({ intact: true });
  }, 60_000);

  async function changedAt(name: string): Promise<number> {
    const { AlarmHistoryItems = [] } = await live.aws.cloudwatch.send(new DescribeAlarmHistoryCommand({ AlarmName: name, HistoryItemType: 'StateUpdate' }));
    const into = AlarmHistoryItems.filter(({ HistorySummary }) => HistorySummary?.endsWith('to ALARM'));
    return Math.min(...into.map(({ Timestamp }) => Timestamp?.getTime() ?? Infinity));
  }
});
