import { z } from 'zod';
import { AwsError } from '../operation';
import type { MetricStore } from './metric-store';

const MAX_DATUMS = 1000;
const MAX_VALUES = 150;
const MAX_DIMENSIONS = 30;
const MAX_MAGNITUDE = 2 ** 360;
const MAX_AGE_MS = 14 * 24 * 3600 * 1000;
const MAX_AHEAD_MS = 2 * 3600 * 1000;

const datumShape = z.object({
  MetricName: z.string().min(1).max(255),
  Dimensions: z.array(z.object({ Name: z.string().min(1).max(255), Value: z.string().min(1).max(1024) })).nullish(),
  Timestamp: z.number().nullish(),
  Value: z.number().nullish(),
  Values: z.array(z.number()).nullish(),
  Counts: z.array(z.number()).nullish(),
  StatisticValues: z
    .object({ SampleCount: z.number(), Sum: z.number(), Minimum: z.number(), Maximum: z.number() })
    .nullish(),
  Unit: z.string().nullish(),
  StorageResolution: z.number().nullish(),
});
const requestShape = z.object({ Namespace: z.string().min(1).max(255), MetricData: z.array(z.unknown()).nullish() });
type Datum = z.infer<typeof datumShape>;

/** PutMetricData: checks every datum first, so that a refused call stores nothing. */
export function putMetricData(store: MetricStore, params: unknown, nowMs: number): Record<string, never> {
  const request = requestShape.safeParse(params);
  if (!request.success) throw new AwsError('MissingParameter', 'The parameter Namespace is required.');
  const rows = request.data.MetricData ?? [];
  if (rows.length > MAX_DATUMS) {
    throw invalid(`The collection MetricData must not have a size greater than ${MAX_DATUMS}.`);
  }
  const datums = rows.map((row, index) => checkedDatum(row, `MetricData.member.${index + 1}`, nowMs));
  for (const datum of datums) storeDatum(store, request.data.Namespace, datum, nowMs);
  return {};
}

function storeDatum(store: MetricStore, namespace: string, datum: Datum, nowMs: number): void {
  const write = {
    namespace,
    metric: datum.MetricName,
    dimensions: Object.fromEntries((datum.Dimensions ?? []).map(({ Name, Value }) => [Name, Value])),
    atMs: datum.Timestamp == null ? nowMs : Math.round(datum.Timestamp * 1000),
    ...(datum.Unit == null ? {} : { unit: datum.Unit }),
  };
  if (datum.StatisticValues != null) {
    const { Sum: sum, SampleCount: count, Minimum: minimum, Maximum: maximum } = datum.StatisticValues;
    store.putStatisticSet(write, { sum, count, minimum, maximum });
    return;
  }
  const values = datum.Values ?? [datum.Value ?? 0];
  store.put([{ ...write, values, ...(datum.Counts == null ? {} : { counts: datum.Counts }) }]);
}

function checkedDatum(row: unknown, at: string, nowMs: number): Datum {
  const parsed = datumShape.safeParse(row);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = `${at}.${issue?.path.join('.') ?? ''}`;
    if (issue?.code === 'invalid_type' && issue.message.includes('undefined')) {
      throw new AwsError('MissingParameter', `The parameter ${where} is required.`);
    }
    throw invalid(`The value for parameter ${where} is invalid.`);
  }
  const datum = parsed.data;
  checkValues(datum, at);
  if ((datum.Dimensions?.length ?? 0) > MAX_DIMENSIONS) {
    throw invalid(`The collection ${at}.Dimensions must not have a size greater than ${MAX_DIMENSIONS}.`);
  }
  if (datum.StorageResolution != null && datum.StorageResolution !== 1 && datum.StorageResolution !== 60) {
    throw invalid(`The value ${datum.StorageResolution} for parameter ${at}.StorageResolution is invalid.`);
  }
  const ageMs = datum.Timestamp == null ? 0 : nowMs - datum.Timestamp * 1000;
  if (ageMs > MAX_AGE_MS || ageMs < -MAX_AHEAD_MS) {
    throw invalid(
      `The parameter ${at}.Timestamp must specify a time no more than two weeks in the past and no more than two hours in the future.`,
    );
  }
  return datum;
}

function checkValues(datum: Datum, at: string): void {
  const forms = [datum.Value, datum.Values, datum.StatisticValues].filter((form) => form != null);
  if (forms.length === 0) {
    throw new AwsError('MissingParameter', `At least one of the parameters must be specified: ${at}.Value, ${at}.Values or ${at}.StatisticValues.`);
  }
  if (forms.length > 1) {
    throw new AwsError('InvalidParameterCombination', `The parameters ${at}.Value, ${at}.Values and ${at}.StatisticValues are mutually exclusive.`);
  }
  const values = datum.Values ?? [];
  if (datum.Values != null && (values.length === 0 || values.length > MAX_VALUES)) {
    throw invalid(`The collection ${at}.Values must have a size between 1 and ${MAX_VALUES}.`);
  }
  if (datum.Counts != null && datum.Counts.length !== values.length) {
    throw invalid(`The parameters ${at}.Values and ${at}.Counts must have the same size.`);
  }
  const numbers = [datum.Value ?? 0, ...values, ...Object.values(datum.StatisticValues ?? {}), ...(datum.Counts ?? [])];
  if (numbers.some((value) => !Number.isFinite(value) || Math.abs(value) > MAX_MAGNITUDE)) {
    throw invalid(`The value for parameter ${at}.Value is invalid.`);
  }
  const set = datum.StatisticValues;
  if ((datum.Counts ?? []).some((count) => count < 0) || (set != null && (set.SampleCount <= 0 || set.Minimum > set.Maximum))) {
    throw invalid(`The value for parameter ${at} is invalid.`);
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}
