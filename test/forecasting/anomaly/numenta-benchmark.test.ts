import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSeriesCsv } from '../../../src/cli/detect/series-csv';
import { ALARM_SCORE } from '../../../src/forecasting/anomaly/anomaly-detector';
import { scorePoints } from '../../../src/forecasting/anomaly/score-points';

const BENCHMARK = join(__dirname, '../../../../shared/data/nab');

/** Its rule: the first 15 % of a file, and 750 rows at most, are for learning and not scored. */
const probationRows = (rows: number): number => Math.min(Math.floor(0.15 * rows), 750);

describe('on the Numenta Anomaly Benchmark (skipped where ../shared/data is missing)', () => {
  (existsSync(BENCHMARK) ? it : it.skip)('the detector alarms in 54 of 61 labelled windows, and at few rows outside of them', () => {
    const windows = JSON.parse(readFileSync(join(BENCHMARK, 'windows.json'), 'utf8')) as Record<string, [string, string][]>;
    let found = 0;
    let falseAlarms = 0;
    for (const [file, spans] of Object.entries(windows)) {
      const rows = parseSeriesCsv(readFileSync(join(BENCHMARK, 'data', file), 'utf8'));
      const scores = scorePoints(rows);
      const alarms = rows.filter((_, row) => row >= probationRows(rows.length) && (scores[row] as number) >= ALARM_SCORE);
      const edges = spans.map(([from, to]) => [Date.parse(`${from}Z`), Date.parse(`${to}Z`)] as const);
      found += edges.filter(([from, to]) => alarms.some(({ atMs }) => atMs >= from && atMs <= to)).length;
      falseAlarms += alarms.filter(({ atMs }) => !edges.some(([from, to]) => atMs >= from && atMs <= to)).length;
    }
    expect(found).toBeGreaterThanOrEqual(54);
    expect(falseAlarms).toBeLessThanOrEqual(55);
  });
});
