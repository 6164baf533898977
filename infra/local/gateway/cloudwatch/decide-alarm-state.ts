import type { AlarmState, MetricAlarmSettings } from './alarm';

/** AWS looks a few periods further back than asked, so that a late datapoint doesn't count as missing. */
export const EXTRA_PERIODS = 2;

/**
 * The state that a window of datapoints means, oldest first, `undefined` for a period without data. The window holds
 * EvaluationPeriods + {@link EXTRA_PERIODS} periods. Undefined: the alarm keeps its state.
 *
 * Follows AWS's documented tables: enough real datapoints in the wider window make missing ones irrelevant; otherwise
 * TreatMissingData fills the gap, and with `missing` an alarm isn't raised by breaching data that is too fresh.
 */
export function decideAlarmState(
  settings: Pick<MetricAlarmSettings, 'EvaluationPeriods' | 'DatapointsToAlarm' | 'TreatMissingData' | 'ComparisonOperator' | 'Threshold'>,
  window: readonly (number | undefined)[],
): AlarmState | undefined {
  const periods = settings.EvaluationPeriods;
  const needed = settings.DatapointsToAlarm ?? periods;
  const present = window.filter((value) => value !== undefined).slice(-periods);
  const breaching = present.filter((value) => breaches(settings, value)).length;
  const gap = periods - present.length;
  if (gap === 0) return breaching >= needed ? 'ALARM' : 'OK';
  switch (settings.TreatMissingData ?? 'missing') {
    case 'breaching':
      return breaching + gap >= needed ? 'ALARM' : 'OK';
    case 'notBreaching':
      return breaching >= needed ? 'ALARM' : 'OK';
    case 'ignore':
      if (breaching >= needed) return 'ALARM';
      return breaching === present.length ? undefined : 'OK';
    case 'missing': {
      if (present.length === 0) return 'INSUFFICIENT_DATA';
      if (breaching >= needed) return 'ALARM';
      if (breaching < present.length) return 'OK';
      const oldest = window.findIndex((value) => value !== undefined);
      return window.length - oldest >= needed ? 'ALARM' : undefined;
    }
  }
}

/** Whether a datapoint is on the alarm's side of the threshold. */
export function breaches(settings: Pick<MetricAlarmSettings, 'ComparisonOperator' | 'Threshold'>, value: number): boolean {
  switch (settings.ComparisonOperator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= settings.Threshold;
    case 'GreaterThanThreshold':
      return value > settings.Threshold;
    case 'LessThanThreshold':
      return value < settings.Threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= settings.Threshold;
  }
}
