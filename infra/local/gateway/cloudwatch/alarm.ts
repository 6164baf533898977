import { z } from 'zod';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

const common = {
  AlarmName: z.string().min(1).max(255),
  AlarmDescription: z.string().nullish(),
  ActionsEnabled: z.boolean().nullish(),
  OKActions: z.array(z.string()).nullish(),
  AlarmActions: z.array(z.string()).nullish(),
  InsufficientDataActions: z.array(z.string()).nullish(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).nullish(),
};

export const metricAlarmShape = z.object({
  ...common,
  MetricName: z.string().nullish(),
  Namespace: z.string().nullish(),
  Statistic: z.string().nullish(),
  ExtendedStatistic: z.string().nullish(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).nullish(),
  Period: z.number().nullish(),
  Unit: z.string().nullish(),
  EvaluationPeriods: z.number().int().positive(),
  DatapointsToAlarm: z.number().int().positive().nullish(),
  Threshold: z.number(),
  ComparisonOperator: z.enum([
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).nullish(),
  Metrics: z.array(z.unknown()).nullish(),
});

export const compositeAlarmShape = z.object({ ...common, AlarmRule: z.string().min(1) });

export type MetricAlarmSettings = z.infer<typeof metricAlarmShape>;
export type CompositeAlarmSettings = z.infer<typeof compositeAlarmShape>;
export type AlarmSettings =
  | { readonly type: 'MetricAlarm'; readonly settings: MetricAlarmSettings }
  | { readonly type: 'CompositeAlarm'; readonly settings: CompositeAlarmSettings };

export interface AlarmStateValue {
  readonly value: AlarmState;
  readonly reason: string;
  /** JSON as AWS puts it into StateReasonData; absent for a state set without it. */
  readonly reasonData?: string;
  readonly atMs: number;
}

/** An alarm with its state. Settings are replaced as a whole by every Put, the state survives it. */
export interface Alarm {
  readonly arn: string;
  definition: AlarmSettings;
  configuredAtMs: number;
  actionsEnabled: boolean;
  state: AlarmStateValue;
  readonly tags: Map<string, string>;
}

/** The actions that AWS runs on entering a state. */
export function actionsOf(settings: MetricAlarmSettings | CompositeAlarmSettings, state: AlarmState): readonly string[] {
  switch (state) {
    case 'OK':
      return settings.OKActions ?? [];
    case 'ALARM':
      return settings.AlarmActions ?? [];
    case 'INSUFFICIENT_DATA':
      return settings.InsufficientDataActions ?? [];
  }
}
