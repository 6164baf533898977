import { z } from 'zod';
import { AwsError } from '../operation';
import { aggregateSeries, type BucketGrid, type TimeSeries } from './aggregate-series';
import { evaluateExpression, isList, type MathValue } from './evaluate-expression';
import { parseExpression, referencesOf, type Expression } from './math-expression';
import type { MetricStore } from './metric-store';
import { parseStatistic, type Statistic } from './statistic';

const dimensionsShape = z.array(z.object({ Name: z.string(), Value: z.string() })).nullish();
const queryShape = z.object({
  Id: z.string(),
  Label: z.string().nullish(),
  ReturnData: z.boolean().nullish(),
  Period: z.number().nullish(),
  Expression: z.string().nullish(),
  MetricStat: z
    .object({
      Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensionsShape }),
      Period: z.number(),
      Stat: z.string(),
      Unit: z.string().nullish(),
    })
    .nullish(),
});
export type MetricDataQuery = z.infer<typeof queryShape>;

interface PreparedQuery {
  readonly query: MetricDataQuery;
  readonly statistic?: Statistic;
  readonly expression?: Expression;
}

const ID = /^[a-z][a-zA-Z0-9_]*$/;
const SHORT_PERIODS = [1, 5, 10, 20, 30];

/** Evaluates the metric data queries of one call (or one alarm), each at most once. */
export class MetricQueries {
  private readonly prepared = new Map<string, PreparedQuery>();
  private readonly values = new Map<string, MathValue>();
  private readonly running = new Set<string>();

  constructor(
    private readonly store: MetricStore,
    queries: unknown,
    private readonly gridFor: (periodMs: number) => BucketGrid,
  ) {
    for (const [index, raw] of (Array.isArray(queries) ? queries : []).entries()) {
      const query = prepare(raw, `MetricDataQueries.member.${index + 1}`);
      if (this.prepared.has(query.query.Id)) throw invalid(`The id ${query.query.Id} is used more than once.`);
      this.prepared.set(query.query.Id, query);
    }
    for (const { expression } of this.prepared.values()) {
      for (const id of expression === undefined ? [] : referencesOf(expression)) {
        // REPEAT is FILL's keyword; as AWS's ids begin in lower case, it can't be an id.
        if (id.toUpperCase() !== 'REPEAT' && !this.prepared.has(id)) throw invalid(`The expression uses the id ${id}, which isn't defined.`);
      }
    }
  }

  /** The queries whose results are returned, in the order of the request. */
  returned(): readonly MetricDataQuery[] {
    return [...this.prepared.values()].map(({ query }) => query).filter(({ ReturnData }) => ReturnData !== false);
  }

  /** One or several time series; an expression that comes out as a number is refused as AWS does. */
  result(id: string): readonly TimeSeries[] {
    const value = this.value(id);
    if (typeof value === 'number') throw invalid(`The expression of ${id} must return a time series.`);
    return isList(value) ? value : [value];
  }

  private value(id: string): MathValue {
    const known = this.values.get(id);
    if (known !== undefined) return known;
    const prepared = this.prepared.get(id);
    if (prepared === undefined) throw invalid(`The id ${id} isn't defined.`);
    if (this.running.has(id)) throw invalid(`The expressions refer to each other in a circle at ${id}.`);
    this.running.add(id);
    const value = this.compute(prepared);
    this.running.delete(id);
    this.values.set(id, value);
    return value;
  }

  private compute({ query, statistic, expression }: PreparedQuery): MathValue {
    const { MetricStat: stat } = query;
    if (stat != null && statistic !== undefined) {
      const dimensions = Object.fromEntries((stat.Metric.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
      const series = this.store.find(stat.Metric.Namespace, stat.Metric.MetricName, dimensions, stat.Unit ?? undefined);
      return aggregateSeries(series, this.gridFor(stat.Period * 1000), statistic);
    }
    if (expression === undefined) throw invalid(`The query ${query.Id} has neither a metric nor an expression.`);
    return evaluateExpression(expression, {
      resolve: (id) => this.value(id),
      metrics: (part) =>
        [...this.prepared.values()]
          .filter((one) => one.statistic !== undefined && one.query.Id.includes(part))
          .flatMap((one) => this.result(one.query.Id)),
      grid: this.gridFor(this.periodMs(query.Id, new Set())),
    });
  }

  /** An expression runs on the longest period among the metrics it names. */
  private periodMs(id: string, seen: Set<string>): number {
    if (seen.has(id)) return 0;
    seen.add(id);
    const one = this.prepared.get(id);
    if (one?.query.MetricStat != null) return one.query.MetricStat.Period * 1000;
    const named = one?.expression === undefined ? [] : referencesOf(one.expression);
    const ids = named.length > 0 ? named : [...this.prepared.keys()];
    return Math.max(...ids.map((other) => this.periodMs(other, seen)), (one?.query.Period ?? 0) * 1000);
  }
}

/** Refuses periods AWS doesn't know. */
export function checkPeriod(seconds: number, at: string): void {
  if (SHORT_PERIODS.includes(seconds) || (seconds >= 60 && seconds % 60 === 0)) return;
  throw invalid(`The value ${seconds} for parameter ${at} is invalid: it must be 1, 5, 10, 20, 30 or a multiple of 60.`);
}

function prepare(raw: unknown, at: string): PreparedQuery {
  const parsed = queryShape.safeParse(raw);
  if (!parsed.success) throw invalid(`The parameter ${at}.${parsed.error.issues[0]?.path.join('.') ?? ''} is invalid.`);
  const query = parsed.data;
  if (!ID.test(query.Id)) throw invalid(`The value ${query.Id} for parameter ${at}.Id is not matching the expected pattern ${ID.source}.`);
  if ((query.MetricStat == null) === (query.Expression == null)) {
    throw invalid(`The parameter ${at} must have exactly one of MetricStat and Expression.`);
  }
  if (query.MetricStat == null) return { query, expression: parseExpression(query.Expression ?? '') };
  checkPeriod(query.MetricStat.Period, `${at}.MetricStat.Period`);
  const statistic = parseStatistic(query.MetricStat.Stat);
  if (statistic === undefined) throw invalid(`The value ${query.MetricStat.Stat} for parameter ${at}.MetricStat.Stat is not supported.`);
  return { query, statistic };
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
