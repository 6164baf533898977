import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { TimeChart } from '../../charts/time-chart';
import { bytes, percent } from '../../format';
import type { Sample } from './story-of-records';

/** The shadow's share of the traffic, step by step. */
export function WeightChart({ weights, untilMs }: { readonly weights: readonly Sample[]; readonly untilMs: number }): ReactNode {
  const { atMs, values } = useMemo(() => held(weights, untilMs), [weights, untilMs]);
  return (
    <section className="card">
      <header><h2>Shadow's share of the traffic</h2></header>
      <TimeChart label={`Shadow's share of the traffic: now ${percent(weights.at(-1)?.value ?? 0)}, after ${weights.length} changes of weights`} height={170} atMs={atMs} lines={[{ label: 'share', look: 'median', values, stepped: true }]} range={[0, 100]} format={(value) => percent(value)} />
    </section>
  );
}

/** How far the shadow's state was behind. */
export function LagChart({ lags }: { readonly lags: readonly Sample[] }): ReactNode {
  return (
    <section className="card">
      <header><h2>Sync lag</h2></header>
      <TimeChart label={`Sync lag: now ${bytes(lags.at(-1)?.value ?? 0)}, over ${lags.length} measurements`} height={170} atMs={lags.map(({ atMs }) => atMs)} lines={[{ label: 'behind', look: 'extra', values: lags.map(({ value }) => value) }]} range={[0, 1_000]} format={bytes} />
    </section>
  );
}

/** The last share holds until now, or until the end. */
function held(weights: readonly Sample[], untilMs: number): { readonly atMs: readonly number[]; readonly values: readonly number[] } {
  const last = weights.at(-1);
  const samples = last === undefined ? [] : [...weights, { atMs: Math.max(untilMs, last.atMs + 1_000), value: last.value }];
  return { atMs: samples.map(({ atMs }) => atMs), values: samples.map(({ value }) => value) };
}
