import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createCloudWatch, type CloudWatch } from '../../../../infra/local/gateway/cloudwatch/cloudwatch-operations';
import { startGateway, type Gateway } from '../../../../infra/local/gateway/server';
import { eventually } from './gateway-fixture';
import { TOOLS_TIMEOUT_MS, awsTools, startMoto, type Moto } from './outside-tools';

const ACCOUNT = '123456789012';

describe('A CloudWatch alarm', () => {
  let moto: Moto;
  let cloudWatch: CloudWatch;
  let gateway: Gateway;
  let client: CloudWatchClient;
  let sqs: SQSClient;
  let sns: SNSClient;
  let events: EventBridgeClient;
  let topic: string;
  let mail: string;
  let bus: string;

  beforeAll(async () => {
    moto = await startMoto(await awsTools());
    cloudWatch = createCloudWatch({ motoUrl: moto.url, region: 'us-east-1', accountId: ACCOUNT });
    gateway = await startGateway({ modules: [cloudWatch.operations], motoUrl: moto.url });
    const config = { endpoint: gateway.url, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
    client = new CloudWatchClient(config);
    sqs = new SQSClient(config);
    sns = new SNSClient(config);
    events = new EventBridgeClient(config);
    mail = (await sqs.send(new CreateQueueCommand({ QueueName: 'mail' }))).QueueUrl ?? '';
    bus = (await sqs.send(new CreateQueueCommand({ QueueName: 'bus' }))).QueueUrl ?? '';
    topic = (await sns.send(new CreateTopicCommand({ Name: 'alarms' }))).TopicArn ?? '';
    await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: `arn:aws:sqs:us-east-1:${ACCOUNT}:mail` }));
    const EventPattern = JSON.stringify({ source: ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'], detail: { state: { value: ['ALARM'] } } });
    await events.send(new PutRuleCommand({ Name: 'alarms', EventPattern }));
    await events.send(new PutTargetsCommand({ Rule: 'alarms', Targets: [{ Id: 'bus', Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:bus` }] }));
  }, TOOLS_TIMEOUT_MS);
  afterAll(async () => {
    for (const one of [client, sqs, sns, events]) one.destroy();
    await cloudWatch.stop();
    await gateway.stop();
    await moto.stop();
  });

  const receive = async (queue: string): Promise<Record<string, never>> => {
    const { Messages } = await eventually(async () => {
      const answer = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 1, MessageAttributeNames: ['All'] }));
      return (answer.Messages?.length ?? 0) > 0 && answer;
    });
    return JSON.parse(Messages?.[0]?.Body ?? '{}') as Record<string, never>;
  };
  const stateOf = async (name: string) =>
    (await client.send(new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }))).MetricAlarms?.[0]?.StateValue;
  const putValue = (metric: string, Value: number) => client.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData: [{ MetricName: metric, Value }] }));
  const alarmOn = (metric: string, more: object = {}) => ({
    AlarmName: metric,
    Namespace: 'Test',
    MetricName: metric,
    Statistic: 'Maximum' as const,
    Period: 10,
    EvaluationPeriods: 1,
    Threshold: 90,
    ComparisonOperator: 'GreaterThanThreshold' as const,
    ...more,
  });

  it('fires within seconds of a breaching datapoint, through SNS and through EventBridge', async () => {
    await client.send(new PutMetricAlarmCommand(alarmOn('cpu', { AlarmActions: [topic] })));
    await putValue('cpu', 50);
    await eventually(async () => (await stateOf('cpu')) === 'OK');
    const putAt = Date.now();
    await putValue('cpu', 99);
    const envelope = await receive(mail);
    expect(Date.now() - putAt).toBeLessThan(5000);
    expect(JSON.parse(envelope['Message'] ?? '{}')).toMatchObject({
      AlarmName: 'cpu',
      NewStateValue: 'ALARM',
      OldStateValue: 'OK',
      AlarmArn: `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:cpu`,
      Trigger: { MetricName: 'cpu', Namespace: 'Test', Statistic: 'MAXIMUM', Period: 10, Threshold: 90 },
    });
    const event = await receive(bus);
    expect(event).toMatchObject({
      source: 'aws.cloudwatch',
      resources: [`arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:cpu`],
      detail: { alarmName: 'cpu', state: { value: 'ALARM' }, previousState: { value: 'OK' } },
    });
    // The history tells of an action once it has been answered, which may be after its message has arrived.
    const items = await eventually(async () => {
      const { AlarmHistoryItems = [] } = await client.send(new DescribeAlarmHistoryCommand({ AlarmName: 'cpu' }));
      return AlarmHistoryItems.length >= 4 && AlarmHistoryItems;
    });
    expect(items.map(({ HistorySummary }) => HistorySummary)).toEqual([
      `Successfully executed action ${topic}`,
      'Alarm updated from OK to ALARM',
      'Alarm updated from INSUFFICIENT_DATA to OK',
      'Alarm "cpu" created',
    ]);
  });

  it('sends at once on SetAlarmState, and nothing to topics while its actions are disabled', async () => {
    await client.send(new PutMetricAlarmCommand(alarmOn('manual', { AlarmActions: [topic], TreatMissingData: 'ignore' })));
    await client.send(new SetAlarmStateCommand({ AlarmName: 'manual', StateValue: 'ALARM', StateReason: 'drill' }));
    expect(JSON.parse((await receive(mail))['Message'] ?? '{}')).toMatchObject({ AlarmName: 'manual', NewStateReason: 'drill' });
    expect(await receive(bus)).toMatchObject({ detail: { alarmName: 'manual' } });
    await client.send(new SetAlarmStateCommand({ AlarmName: 'manual', StateValue: 'OK', StateReason: 'drill' }));
    await client.send(new DisableAlarmActionsCommand({ AlarmNames: ['manual'] }));
    await client.send(new SetAlarmStateCommand({ AlarmName: 'manual', StateValue: 'ALARM', StateReason: 'silent' }));
    expect(await receive(bus)).toMatchObject({ detail: { state: { reason: 'silent' } } });
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: mail, WaitTimeSeconds: 1 }));
    expect(Messages ?? []).toEqual([]);
  });

  it('watches an expression, and a composite follows its parts', async () => {
    const Metric = (MetricName: string) => ({ Namespace: 'Test', MetricName });
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName: 'ratio',
        EvaluationPeriods: 1,
        Threshold: 0.5,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
        Metrics: [
          { Id: 'bad', ReturnData: false, MetricStat: { Metric: Metric('bad'), Period: 10, Stat: 'Sum' } },
          { Id: 'all', ReturnData: false, MetricStat: { Metric: Metric('all'), Period: 10, Stat: 'Sum' } },
          { Id: 'e1', Expression: 'bad / all' },
        ],
      }),
    );
    await client.send(new PutMetricAlarmCommand(alarmOn('manual-2', { TreatMissingData: 'ignore' })));
    await client.send(new PutCompositeAlarmCommand({ AlarmName: 'both', AlarmRule: 'ALARM(ratio) AND NOT ALARM("manual-2")' }));
    const composite = async () =>
      (await client.send(new DescribeAlarmsCommand({ AlarmNames: ['both'], AlarmTypes: ['CompositeAlarm'] }))).CompositeAlarms?.[0]?.StateValue;
    await eventually(async () => (await stateOf('ratio')) === 'OK');
    expect(await composite()).toBe('OK');
    await putValue('all', 10);
    await putValue('bad', 6);
    await eventually(async () => (await composite()) === 'ALARM');
    await client.send(new SetAlarmStateCommand({ AlarmName: 'manual-2', StateValue: 'ALARM', StateReason: 'drill' }));
    expect(await composite()).toBe('OK');
  });

  it('refuses alarms that could never be evaluated', async () => {
    const refused = (more: object) => expect(client.send(new PutMetricAlarmCommand(alarmOn('refused', more)))).rejects;
    await refused({ Period: 15 }).toThrow('Period');
    await refused({ DatapointsToAlarm: 2 }).toThrow('DatapointsToAlarm');
    await refused({ Statistic: undefined }).toThrow('Statistic');
    await expect(client.send(new PutCompositeAlarmCommand({ AlarmName: 'c', AlarmRule: 'ALARM(nobody)' }))).rejects.toThrow('nobody');
    await expect(client.send(new DeleteAlarmsCommand({ AlarmNames: ['nobody'] }))).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });
});
