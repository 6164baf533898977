import type uPlot from 'uplot';

export type LineLook = 'median' | 'actual' | 'extra' | 'mark';

/** A line over the chart's times; null where nothing is known. */
export interface ChartLine {
  readonly label: string;
  readonly look: LineLook;
  readonly values: readonly (number | null)[];
  /** Holds each value until the next. */
  readonly stepped?: boolean;
}

/** What lies between two lines; 1 is the palest. */
export interface ChartBand {
  readonly label: string;
  readonly depth: 1 | 2 | 3;
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

export interface ChartFacts {
  /** Rising, in milliseconds. */
  readonly atMs: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly bands?: readonly ChartBand[];
  readonly limit?: number | null;
  readonly marks?: readonly { readonly atMs: number; readonly label: string }[];
  /** The axis reaches from here to there at least. */
  readonly range?: readonly [number, number];
}

const STROKES: Readonly<Record<LineLook, string>> = { median: '--chart-median', actual: '--chart-actual', extra: '--chart-extra', mark: '--chart-mark' };
const BAND_ALPHA = { 1: 0.16, 2: 0.22, 3: 0.3 } as const;

/** The page's colours at this moment. */
export function chartColors(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(name).trim();
}

/** What uPlot draws: times in seconds, the bands' edges, then the lines. */
export function chartData({ atMs, bands = [], lines }: ChartFacts): uPlot.AlignedData {
  const columns = [...bands.flatMap(({ low, high }) => [low, high]), ...lines.map(({ values }) => values)];
  return [atMs.map((ms) => ms / 1_000), ...columns.map((values) => [...values])];
}

export function chartSeries({ bands = [], lines }: ChartFacts, color: (name: string) => string, stepped: uPlot.Series.PathBuilder): { readonly series: uPlot.Series[]; readonly bands: uPlot.Band[] } {
  const edges = bands.flatMap(() => [{ stroke: 'transparent', points: { show: false } }, { stroke: 'transparent', points: { show: false } }]);
  const drawn = lines.map(({ look, values, stepped: isStepped = false }) => ({
    stroke: color(STROKES[look]),
    width: 2,
    // A line of one point is a point.
    points: { show: values.filter((value) => value !== null).length < 2 },
    ...(isStepped ? { paths: stepped } : {}),
  }));
  return {
    series: [{}, ...edges, ...drawn],
    bands: bands.map(({ depth }, i) => ({ series: [2 + 2 * i, 1 + 2 * i], fill: `rgb(${color('--chart-band')} / ${BAND_ALPHA[depth]})` })),
  };
}
