import { useState } from 'react';
import type { ReactNode } from 'react';
import { LOAD_METRICS, type LoadMetric } from '../../../../domain/forecast';
import type { FleetView } from '../../../console-api';
import type { ForecastView, InstanceDetail } from '../../../instance-api';
import { fromNow, metricName, percent, span, usd } from '../format';
import { useNow, useRead } from '../hooks';
import { Empty, Notice, ReadingState } from '../parts/notice';
import { Pill } from '../parts/pill';
import { Tiles } from '../parts/tiles';
import { Time } from '../parts/time';
import { ForecastChart } from './forecast-chart';

const HOUR_MS = 3_600_000;
const HORIZONS = [1, 2, 6, 12, 24].map((hours) => ({ ms: hours * HOUR_MS, text: `${hours} h` }));
const EVERY_MS = 30_000;

/** One instance: what is expected of its load, how sure, against which limit; and what is planned with it. */
export function InstancePage({ instanceId, fleet }: { readonly instanceId: string; readonly fleet: FleetView | null }): ReactNode {
  const path = `/api/instances/${encodeURIComponent(instanceId)}`;
  const { value, error } = useRead<InstanceDetail>(path, { everyMs: EVERY_MS, version: fleet?.plans[0]?.planId });
  const [metric, setMetric] = useState<LoadMetric>('cpuPercent');
  const [horizonMs, setHorizonMs] = useState(2 * HOUR_MS);
  const forecast = useRead<ForecastView>(value === null || value.forecasts.length === 0 ? null : `${path}/forecast?metric=${metric}&horizonMs=${horizonMs}`, { everyMs: EVERY_MS });
  if (value === null) return <ReadingState error={error} loaded={false} what={instanceId} />;
  const { row } = value;
  const moved = fleet?.migrations.find((one) => one.instanceId === instanceId);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <div className="title"><h1>{row?.name ?? instanceId}</h1>{forecast.value?.contention.contended === true && <Pill text="runs out" tone="bad" icon="alert" />}</div>
          <p className="soft">{row === null ? 'No kept plan knows this instance.' : `${instanceId}, ${row.shape} in ${row.poolId}, service ${row.service}, fleet ${row.fleet}`}</p>
        </div>
        <div className="row">
          {moved !== undefined && <a className="button" href={`#/migration/${instanceId}`}>{moved.endedAtMs === null ? 'Its move, live' : 'Its last move'}</a>}
          {row !== null && <a className="button" href={`#/plan/${row.planId}`}>The plan</a>}
        </div>
      </div>
      <ReadingState error={error} loaded what={instanceId} />
      <Planned detail={value} />
      <section className="card">
        <header>
          <h2>Forecast</h2>
          <div className="row end">
            <label>Load<select value={metric} onChange={(event) => setMetric(event.target.value as LoadMetric)}>{LOAD_METRICS.map((one) => <option key={one} value={one}>{metricName(one)}</option>)}</select></label>
            <label>Horizon<select value={horizonMs} onChange={(event) => setHorizonMs(Number(event.target.value))}>{HORIZONS.map(({ ms, text }) => <option key={ms} value={ms}>{text}</option>)}</select></label>
          </div>
        </header>
        {value.forecasts.length === 0
          ? <Empty title="No forecast of it is kept."><code>foreshift forecast {instanceId}</code> makes one at once; a tick (<code>foreshift plan</code>) keeps those that lead to a move, and of the others one an hour.</Empty>
          : forecast.value === null ? <ReadingState error={forecast.error} loaded={false} what="the forecast" /> : <><ReadingState error={forecast.error} loaded what="the forecast" /><Outlook view={forecast.value} /><ForecastChart view={forecast.value} horizonMs={horizonMs} /></>}
      </section>
    </div>
  );
}

function Outlook({ view: { contention, issuedAtMs, model, calibration } }: { readonly view: ForecastView }): ReactNode {
  const nowMs = useNow(10_000);
  const { contended, probability, onsetAtMs, explanation } = contention;
  return (
    <>
      <Notice kind={contended ? 'warn' : 'info'}>
        {contended && onsetAtMs !== null && <strong>It runs out {fromNow(onsetAtMs, nowMs)}{probability === null ? '' : `, with probability ${percent(probability * 100)}`}. </strong>}
        {explanation.filter((line) => !line.includes('there is no forecast')).join(' ')}
      </Notice>
      <p className="small soft">Made {fromNow(issuedAtMs, nowMs)} (<Time ms={issuedAtMs} /> UTC) by {model}, {calibration}.</p>
    </>
  );
}

function Planned({ detail: { row, move } }: { readonly detail: InstanceDetail }): ReactNode {
  const nowMs = useNow(30_000);
  if (row === null) return null;
  if (move === null) return <Notice kind="info">It stays: {row.held ?? 'nothing is wanted with it'}.</Notice>;
  return (
    <>
      <Tiles
        tiles={[
          { title: 'Planned', value: `${move.kind} to ${move.toShape}`, note: `${move.fromPoolId} → ${move.toPoolId}`, tone: 'info' },
          { title: 'Starts by', value: fromNow(move.startAtMs, nowMs), note: move.deadlineAtMs === null ? 'nothing presses' : `overload expected ${fromNow(move.deadlineAtMs, nowMs)}` },
          { title: 'Overload averted', value: span(move.impactMinutes * 60_000), tone: 'good' },
          { title: 'Costs and gains', value: usd(move.costUsd), note: `gains ${usd(move.savesUsd)}; risk ${move.risk}` },
        ]}
      />
      <Notice kind="info">{move.reasons.join('; ')}</Notice>
    </>
  );
}
