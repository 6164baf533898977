import { AwsError } from '../operation';
import type { BucketGrid, TimeSeries } from './aggregate-series';
import type { Expression } from './math-expression';

/** What a part of an expression stands for: a number, one time series or several. */
export type MathValue = number | TimeSeries | readonly TimeSeries[];

export interface MathScope {
  resolve(id: string): MathValue;
  /** The metrics of the request whose id contains `part`, for METRICS(). */
  metrics(part: string): readonly TimeSeries[];
  /** The buckets that FILL completes. */
  readonly grid: BucketGrid;
}

const AGGREGATES: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MIN: (values) => values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
  MAX: (values) => values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
};

/** Evaluates a parsed expression. */
export function evaluateExpression(expression: Expression, scope: MathScope): MathValue {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'text':
      throw unsupported(`the text "${expression.value}"`);
    case 'reference':
      return scope.resolve(expression.id);
    case 'list':
      return expression.items.flatMap((item) => seriesOf(evaluateExpression(item, scope)));
    case 'negate':
      return combine(0, evaluateExpression(expression.operand, scope), '-');
    case 'binary':
      return combine(evaluateExpression(expression.left, scope), evaluateExpression(expression.right, scope), expression.operator);
    case 'call':
      return call(expression.name, expression.args, scope);
  }
}

function call(name: string, args: readonly Expression[], scope: MathScope): MathValue {
  const [first, second] = args;
  if (name === 'METRICS' && args.length <= 1) {
    if (first !== undefined && first.kind !== 'text') throw unsupported('METRICS of anything but a text');
    return scope.metrics(first?.value ?? '');
  }
  if (name === 'FILL' && args.length === 2 && first !== undefined && second !== undefined) {
    const value = evaluateExpression(first, scope);
    if (typeof value === 'number') throw unsupported('FILL of a number');
    return isList(value) ? value.map((one) => fill(one, second, scope)) : fill(value, second, scope);
  }
  const aggregate = AGGREGATES[name];
  if (aggregate === undefined || first === undefined || args.length !== 1) throw unsupported(`the function ${name}`);
  const value = evaluateExpression(first, scope);
  if (typeof value === 'number') throw unsupported(`${name} of a number`);
  // Like AWS: of one time series the aggregate is a number, of several it is a time series.
  if (!isList(value)) return aggregate([...value.values()]);
  const starts = [...new Set(value.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
  return new Map(starts.map((start) => [start, aggregate(value.flatMap((one) => one.get(start) ?? []))]));
}

function fill(series: TimeSeries, filler: Expression, scope: MathScope): TimeSeries {
  const starts: number[] = [];
  for (let start = scope.grid.originMs; start < scope.grid.endMs; start += scope.grid.periodMs) starts.push(start);
  const filled = new Map<number, number>();
  if (filler.kind === 'reference' && filler.id.toUpperCase() === 'REPEAT') {
    let last: number | undefined;
    for (const start of starts) {
      last = series.get(start) ?? last;
      if (last !== undefined) filled.set(start, last);
    }
    return filled;
  }
  const value = evaluateExpression(filler, scope);
  if (typeof value !== 'number') throw unsupported('FILL with anything but a number or REPEAT');
  for (const start of starts) filled.set(start, series.get(start) ?? value);
  return filled;
}

function combine(left: MathValue, right: MathValue, operator: string): MathValue {
  if (typeof left === 'number' && typeof right === 'number') return apply(operator, left, right);
  if (isList(left)) {
    if (isList(right)) throw unsupported('arithmetic between two lists of metrics');
    return left.map((one) => combineSeries(one, right, operator));
  }
  if (isList(right)) return right.map((one) => combineSeries(left, one, operator));
  return combineSeries(left, right, operator);
}

/** Only timestamps that every operand has survive, and no value comes of a division by zero: both as on AWS. */
function combineSeries(left: number | TimeSeries, right: number | TimeSeries, operator: string): TimeSeries {
  const result = new Map<number, number>();
  const starts = typeof left === 'number' ? (right as TimeSeries).keys() : left.keys();
  for (const start of starts) {
    const a = typeof left === 'number' ? left : left.get(start);
    const b = typeof right === 'number' ? right : right.get(start);
    if (a === undefined || b === undefined) continue;
    const value = apply(operator, a, b);
    if (Number.isFinite(value)) result.set(start, value);
  }
  return result;
}

function apply(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    default:
      return left / right;
  }
}

function seriesOf(value: MathValue): readonly TimeSeries[] {
  if (typeof value === 'number') throw unsupported('a number in a list of metrics');
  return isList(value) ? value : [value];
}

/** Whether the value is several time series. */
export function isList(value: MathValue): value is readonly TimeSeries[] {
  return Array.isArray(value);
}

function unsupported(what: string): AwsError {
  return new AwsError('ValidationError', `Error in expression: ${what} is not supported.`);
}
