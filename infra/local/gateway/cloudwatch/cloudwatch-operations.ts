import { z } from 'zod';
import { AwsError, type AwsCall, type OperationHandler, type ServiceOperations } from '../operation';
import { PASS_THROUGH } from '../pass-through';
import type { ControlRoute } from '../control/control-route';
import type { MetricSink } from '../ports';
import { AlarmNotifier } from './alarm-notifier';
import { AlarmRegistry } from './alarm-registry';
import { describeAlarmHistory, describeAlarms, describeAlarmsForMetric } from './describe-alarms';
import { getMetricData } from './get-metric-data';
import { getMetricStatistics } from './get-metric-statistics';
import { listMetrics } from './list-metrics';
import { MetricStore } from './metric-store';
import { putCompositeAlarm, putMetricAlarm } from './put-alarm';
import { putMetricData } from './put-metric-data';

export interface CloudWatchOptions {
  /** Where alarms publish: SNS and EventBridge live in moto. */
  readonly motoUrl: string;
  readonly region: string;
  readonly accountId: string;
}

export interface CloudWatch {
  readonly operations: ServiceOperations;
  readonly sink: MetricSink;
  readonly controlRoutes: readonly ControlRoute[];
  /** Stops evaluating, and resolves when the messages on their way are sent. */
  stop(): Promise<void>;
}

const namesShape = z.object({ AlarmNames: z.array(z.string()).max(100) });
const stateShape = z.object({
  AlarmName: z.string(),
  StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  StateReason: z.string(),
  StateReasonData: z.string().nullish(),
});
const arnShape = z.object({ ResourceARN: z.string() });
const tagShape = arnShape.extend({ Tags: z.array(z.object({ Key: z.string(), Value: z.string() })) });
const untagShape = arnShape.extend({ TagKeys: z.array(z.string()) });

/** CloudWatch's metrics and alarms; dashboards and the rest stay in moto. */
export function createCloudWatch(options: CloudWatchOptions): CloudWatch {
  const store = new MetricStore();
  const notifier = new AlarmNotifier(options);
  const alarms = new AlarmRegistry({ store, notifier, region: options.region, accountId: options.accountId });

  const setActions = (enabled: boolean) => (call: AwsCall): unknown => {
    const { AlarmNames: names } = parse(namesShape, call);
    // Like AWS, names that don't exist are passed over.
    for (const alarm of alarms.list()) if (names.includes(alarm.definition.settings.AlarmName)) alarm.actionsEnabled = enabled;
    return {};
  };

  const operations: Record<string, OperationHandler> = {
    PutMetricData: (call) => putMetricData(store, call.params, Date.now()),
    GetMetricData: (call) => getMetricData(store, call.params),
    GetMetricStatistics: (call) => getMetricStatistics(store, call.params),
    ListMetrics: (call) => listMetrics(store, call.params, Date.now()),
    PutMetricAlarm: (call) => putMetricAlarm(alarms, call.params),
    PutCompositeAlarm: (call) => putCompositeAlarm(alarms, call.params),
    DescribeAlarms: (call) => describeAlarms(alarms, call.params),
    DescribeAlarmsForMetric: (call) => describeAlarmsForMetric(alarms, call.params),
    DescribeAlarmHistory: (call) => describeAlarmHistory(alarms, call.params),
    DeleteAlarms: (call) => {
      alarms.delete(parse(namesShape, call).AlarmNames);
      return {};
    },
    SetAlarmState: (call) => {
      const state = parse(stateShape, call);
      alarms.setState(state.AlarmName, state.StateValue, state.StateReason, state.StateReasonData ?? undefined);
      return {};
    },
    EnableAlarmActions: setActions(true),
    DisableAlarmActions: setActions(false),
    // Tags of anything but an alarm are moto's.
    ListTagsForResource: (call) => {
      const alarm = alarms.findByArn(parse(arnShape, call).ResourceARN);
      return alarm === undefined ? PASS_THROUGH : { Tags: [...alarm.tags].map(([Key, Value]) => ({ Key, Value })) };
    },
    TagResource: (call) => {
      const request = parse(tagShape, call);
      const alarm = alarms.findByArn(request.ResourceARN);
      if (alarm === undefined) return PASS_THROUGH;
      for (const { Key, Value } of request.Tags) alarm.tags.set(Key, Value);
      return {};
    },
    UntagResource: (call) => {
      const request = parse(untagShape, call);
      const alarm = alarms.findByArn(request.ResourceARN);
      if (alarm === undefined) return PASS_THROUGH;
      for (const key of request.TagKeys) alarm.tags.delete(key);
      return {};
    },
  };

  const controlRoutes: ControlRoute[] = [
    { method: 'GET', path: '/_local/cloudwatch', handler: () => ({ metrics: store.list().length, alarms: alarms.list().length }) },
  ];

  return {
    operations: { service: 'monitoring', operations },
    sink: store,
    controlRoutes,
    stop: async () => {
      await alarms.stop();
      notifier.close();
    },
  };
}

function parse<T>(shape: z.ZodType<T>, call: AwsCall): T {
  const parsed = shape.safeParse(call.params);
  if (parsed.success) return parsed.data;
  throw new AwsError('ValidationError', `The parameter ${parsed.error.issues[0]?.path.join('.') ?? ''} is missing or invalid.`);
}
