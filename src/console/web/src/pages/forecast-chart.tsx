import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { ForecastView } from '../../../instance-api';
import type { ChartFacts } from '../charts/chart-data';
import { TimeChart } from '../charts/time-chart';
import { load, metricName, moment } from '../format';
import { Table } from '../parts/table';

/** So much of what was is drawn before what will be. */
const PAST_RATIO = 1.5;
const LEAST_PAST_MS = 6 * 3_600_000;

/** A forecast's bands beside what was measured, and the same as a table. */
export function ForecastChart({ view, horizonMs }: { readonly view: ForecastView; readonly horizonMs: number }): ReactNode {
  const facts = useMemo(() => factsOf(view, horizonMs), [view, horizonMs]);
  const format = (value: number) => load(value, view.unit);
  const atMs = (step: number) => view.issuedAtMs + (step + 1) * view.stepMs;
  return (
    <>
      <TimeChart {...facts} format={format} height={300} nowMs={view.issuedAtMs} label={`${metricName(view.metric)}: measured until ${moment(view.issuedAtMs)} UTC, then forecast with bands of 50, 80 and 90 percent`} />
      <details>
        <summary>The forecast as a table</summary>
        <Table caption="Forecast by step" heads={['Time (UTC)', ...view.levels.map((level) => ({ number: level === 0.5 ? 'median' : `${(level * 100).toFixed(0)} %` }))]}>
          {view.quantiles.map((row, step) => <tr key={step}><td>{moment(atMs(step)).slice(0, 16)}</td>{row.map((value, i) => <td key={i} className="number">{format(value)}</td>)}</tr>)}
        </Table>
      </details>
    </>
  );
}

function factsOf({ issuedAtMs, stepMs, quantiles, levels, actual, limit, events, unit }: ForecastView, horizonMs: number): ChartFacts {
  const fromMs = issuedAtMs - Math.max(LEAST_PAST_MS, horizonMs * PAST_RATIO);
  const measured = actual.values.map((value, i) => ({ atMs: actual.startAtMs + i * actual.stepMs, value })).filter(({ atMs }) => atMs >= fromMs);
  const ahead = quantiles.map((_, step) => issuedAtMs + (step + 1) * stepMs);
  // What was measured since the forecast was made stands on the same times as its steps.
  const atMs = [...new Set([...measured.map((one) => one.atMs), ...ahead])].sort((a, b) => a - b);
  const known = new Map(measured.map((one) => [one.atMs, one.value]));
  const steps = new Map(ahead.map((ms, step) => [ms, quantiles[step] as readonly number[]]));
  const levelAt = (level: number) => atMs.map((ms) => steps.get(ms)?.[levels.indexOf(level)] ?? null);
  return {
    atMs,
    lines: [
      { label: 'measured', look: 'actual', values: atMs.map((ms) => known.get(ms) ?? null) },
      { label: 'median', look: 'median', values: levelAt(0.5) },
    ],
    bands: [
      { label: '90 %', depth: 1, low: levelAt(0.05), high: levelAt(0.95) },
      { label: '80 %', depth: 2, low: levelAt(0.1), high: levelAt(0.9) },
      { label: '50 %', depth: 3, low: levelAt(0.25), high: levelAt(0.75) },
    ],
    limit,
    marks: events.filter((event) => event.atMs >= fromMs),
    range: unit === 'percent' ? [0, 100] : [0, 1],
  };
}
