import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { LOAD_METRICS, unitOf } from '../../../../domain/forecast';
import { accuracyTargets, type AccuracySummary } from '../../../../domain/forecast-accuracy';
import { count, load, metricName, percent, span } from '../format';
import { useRead } from '../hooks';
import { Empty, ReadingState } from '../parts/notice';
import { Tiles } from '../parts/tiles';
import { VirtualTable, type Column } from '../parts/virtual-table';
import { CoverageDot, isWithin } from './coverage-dot';

const DAY_MS = 86_400_000;
const SPANS = [{ days: 1, text: 'a day' }, { days: 7, text: '7 days' }, { days: 30, text: '30 days' }] as const;

/** How past forecasts turned out: their loss against the naive one's, and whether their bands held what they promise. */
export function AccuracyPage(): ReactNode {
  const [days, setDays] = useState<number>(7);
  const [metric, setMetric] = useState('');
  const sinceMs = useMemo(() => Date.now() - days * DAY_MS, [days]);
  const { value, error } = useRead<AccuracySummary[]>(`/api/accuracy?sinceMs=${sinceMs}${metric === '' ? '' : `&metric=${metric}`}`);
  return (
    <div className="page">
      <div className="page-head">
        <div><h1>Accuracy</h1><p className="soft">Past forecasts held against what came. A band is calibrated where it holds as often as it says.</p></div>
        <div className="row end">
          <label>Issued within<select value={days} onChange={(event) => setDays(Number(event.target.value))}>{SPANS.map((one) => <option key={one.days} value={one.days}>{one.text}</option>)}</select></label>
          <label>Load<select value={metric} onChange={(event) => setMetric(event.target.value)}><option value="">all</option>{LOAD_METRICS.map((one) => <option key={one} value={one}>{metricName(one)}</option>)}</select></label>
        </div>
      </div>
      <ReadingState error={error} loaded={value !== null} what="the accuracy" />
      {value !== null && (value.length === 0
        ? <Empty title="No scored forecast in this time."><code>foreshift forecast train</code> scores those whose horizon is over; <code>--schedule</code> does so every night.</Empty>
        : <><Summary summaries={value} /><VirtualTable caption="Accuracy by pool, load, horizon and model" rows={value} columns={COLUMNS} keyOf={({ pool, metric: of, horizonMs, model }) => `${pool} ${of} ${horizonMs} ${model}`} /></>)}
    </div>
  );
}

function Summary({ summaries }: { readonly summaries: readonly AccuracySummary[] }): ReactNode {
  const forecasts = summaries.reduce((sum, one) => sum + one.forecasts, 0);
  const mean = (of: (one: AccuracySummary) => number) => summaries.reduce((sum, one) => sum + of(one) * one.forecasts, 0) / forecasts;
  const judged = summaries.filter(({ relativeLoss }) => relativeLoss !== null);
  const better = judged.filter(({ relativeLoss, horizonMs }) => (relativeLoss as number) <= accuracyTargets(horizonMs).relativeLoss).length;
  const [in80, in90] = [mean(({ covered80 }) => covered80), mean(({ covered90 }) => covered90)];
  const targets = accuracyTargets(0);
  return (
    <Tiles
      tiles={[
        { title: 'Forecasts scored', value: count(forecasts) },
        { title: 'Loss within its goal', value: `${better} of ${judged.length}`, tone: better === judged.length ? 'good' : 'warn', note: 'rows below' },
        { title: 'Within the 80 % band', value: percent(in80 * 100, 1), tone: isWithin(in80, targets.covered80) ? 'good' : 'warn' },
        { title: 'Within the 90 % band', value: percent(in90 * 100, 1), tone: isWithin(in90, targets.covered90) ? 'good' : 'warn' },
      ]}
    />
  );
}

const COLUMNS: readonly Column<AccuracySummary>[] = [
  { head: 'Pool', width: 95, by: ({ pool }) => pool, cell: ({ pool }) => pool },
  { head: 'Load', width: 85, by: ({ metric }) => metric, cell: ({ metric }) => metricName(metric) },
  { head: 'Horizon', width: 80, by: ({ horizonMs }) => horizonMs, cell: ({ horizonMs }) => span(horizonMs) },
  { head: 'Model', width: 90, by: ({ model }) => model, cell: ({ model }) => model },
  { head: 'Forecasts', width: 85, number: true, by: ({ forecasts }) => forecasts, cell: ({ forecasts }) => count(forecasts) },
  { head: 'Loss / naive', width: 125, number: true, by: ({ relativeLoss }) => relativeLoss, cell: ({ relativeLoss, horizonMs }) => (relativeLoss === null ? 'naive is exact' : <>{relativeLoss.toFixed(3)}<span className="sub">{relativeLoss <= accuracyTargets(horizonMs).relativeLoss ? 'held' : 'missed'}: goal {accuracyTargets(horizonMs).relativeLoss}</span></>) },
  { head: 'Abs. error', width: 95, number: true, by: ({ absoluteError }) => absoluteError, cell: ({ absoluteError, metric }) => load(absoluteError, unitOf(metric)) },
  { head: 'Bias', width: 90, number: true, by: ({ bias }) => bias, cell: ({ bias, metric }) => `${bias > 0 ? '+' : ''}${load(bias, unitOf(metric))}` },
  { head: 'In 80 %', width: 132, by: ({ covered80 }) => covered80, cell: ({ covered80, horizonMs }) => <CoverageDot value={covered80} goal={accuracyTargets(horizonMs).covered80} /> },
  { head: 'In 90 %', width: 132, by: ({ covered90 }) => covered90, cell: ({ covered90, horizonMs }) => <CoverageDot value={covered90} goal={accuracyTargets(horizonMs).covered90} /> },
  { head: 'Peak held', width: 132, by: ({ peakHeld }) => peakHeld, cell: ({ peakHeld, horizonMs }) => (peakHeld === null ? '-' : <CoverageDot value={peakHeld} goal={accuracyTargets(horizonMs).peakHeld} />) },
];
