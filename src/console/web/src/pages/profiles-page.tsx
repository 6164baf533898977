import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ShadowProfile } from '../../../../domain/profiles/shadow-profile';
import { TimeChart } from '../charts/time-chart';
import { count, metricName, percent } from '../format';
import { useRead } from '../hooks';
import { Empty, Notice, ReadingState } from '../parts/notice';
import { Table } from '../parts/table';
import { Time } from '../parts/time';

const HOUR_MS = 3_600_000;

/** Shadow profiles: what workloads of the same tags use, by the hour. */
export function ProfilesPage(): ReactNode {
  const { value, error } = useRead<ShadowProfile[]>('/api/profiles');
  const [name, setName] = useState<string | null>(null);
  const shown = value?.find((one) => one.name === name) ?? value?.[0];
  return (
    <div className="page">
      <div className="page-head"><div><h1>Profiles</h1><p className="soft">What workloads of the same tags use, to forecast new ones from.</p></div></div>
      <ReadingState error={error} loaded={value !== null} what="the profiles" />
      {value !== null && value.length === 0 && <Empty title="There is no profile yet."><code>foreshift profiles fit --csv FOLDER --tag app=web</code> makes one; a training does so for every tag.</Empty>}
      {value !== null && value.length > 0 && (
        <Table caption="Profiles" heads={['Profile', 'Load', { number: 'Version' }, { number: 'Kin' }, { number: 'States' }, { number: 'Bursts a day' }, 'Made (UTC)']}>
          {value.map((one) => <tr key={one.name}><td><button type="button" className="quiet" aria-pressed={one.name === shown?.name} onClick={() => setName(one.name)}>{one.name}</button></td><td>{metricName(one.metric)}</td><td className="number">{one.version}</td><td className="number">{count(one.kin.length)}</td><td className="number">{one.states.means.length}</td><td className="number">{one.bursts.perDay.toFixed(2)}</td><td><Time ms={one.madeAtMs} /></td></tr>)}
        </Table>
      )}
      {shown !== undefined && <Profile key={shown.name} profile={shown} />}
    </div>
  );
}

function Profile({ profile: { name, unit, bands, bursts, states, reach, notes } }: { readonly profile: ShadowProfile }): ReactNode {
  const format = (value: number) => (unit === 'percentOfAllocation' ? percent(value, 1) : value.toFixed(3));
  const level = (wanted: number) => bands.quantiles.map((row) => row[nearest(bands.levels, wanted)] ?? null);
  return (
    <section className="card">
      <header><h2>{name}: a day</h2></header>
      {reach === 'fleet' && <Notice kind="warn">The whole fleet stands in: no workload has the tags.</Notice>}
      {notes.map((note) => <Notice key={note} kind="info">{note}</Notice>)}
      <TimeChart
        label={`${name}: median and bands of use at each hour of the day (UTC); the numbers stand in the table below`}
        atMs={bands.quantiles.map((_, hour) => hour * HOUR_MS)}
        lines={[{ label: 'median', look: 'median', values: level(0.5) }]}
        bands={[{ label: '90 %', depth: 1, low: level(0.05), high: level(0.95) }, { label: '50 %', depth: 3, low: level(0.25), high: level(0.75) }]}
        format={format}
        range={[0, 1]}
        clock
      />
      <div className="split">
        <Table caption="States" heads={[{ number: 'State' }, { number: 'Mean' }, { number: 'Deviation' }, { number: 'Share of time' }]}>
          {states.means.map((mean, i) => <tr key={i}><td className="number">{i + 1}</td><td className="number">{format(mean)}</td><td className="number">{format(states.deviations[i] ?? 0)}</td><td className="number">{percent(100 * (states.shares[i] ?? 0))}</td></tr>)}
        </Table>
        <Table caption="Hours (UTC)" heads={[{ number: 'Hour' }, { number: '5 %' }, { number: 'Median' }, { number: '95 %' }, { number: 'Bursts' }]}>
          {bands.quantiles.map((row, hour) => <tr key={hour}><td className="number">{hour}</td><td className="number">{format(row[0] ?? 0)}</td><td className="number">{format(row[nearest(bands.levels, 0.5)] ?? 0)}</td><td className="number">{format(row.at(-1) ?? 0)}</td><td className="number">{(bursts.perHour[hour] ?? 0).toFixed(2)}</td></tr>)}
        </Table>
      </div>
    </section>
  );
}

function nearest(levels: readonly number[], wanted: number): number {
  return levels.reduce((best, level, i) => (Math.abs(level - wanted) < Math.abs((levels[best] ?? 0) - wanted) ? i : best), 0);
}
