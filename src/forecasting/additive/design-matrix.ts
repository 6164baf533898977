/** Which terms an additive model has. All of it follows from the length of the history and of a day, so equal grids share a matrix. */
export interface Design {
  /** Steps that the model was fitted to; the trend's clock runs 0..1 over them. */
  readonly length: number;
  /** Steps of one day. */
  readonly dayLength: number;
  /** Places of possible trend changes, on the trend's clock. */
  readonly changepoints: readonly number[];
  /** Cycles per week of each Fourier pair: 7 is once a day, 0.019 once a year. */
  readonly weeklyCycles: readonly number[];
}

const CHANGEPOINTS = 12;
/** Prophet leaves the last fifth free of changepoints so that noise at the end bends no trend. */
const CHANGEPOINT_RANGE = 0.8;
const DAILY_ORDER = 8;
/** Weekly harmonics up to 10 include those beside the daily one, which give weekends another daily shape. */
const WEEKLY_ORDER = 10;
/** As in Prophet. */
const YEARLY_ORDER = 10;
const WEEKS_OF_YEAR = 365.25 / 7;
/** A season is fitted once it was seen about twice. */
const CYCLES_NEEDED = 1.9;

/** The terms that a history of this length can bear. */
export function planDesign(length: number, dayLength: number): Design {
  const count = Math.min(CHANGEPOINTS, Math.floor(length / 24));
  const changepoints = Array.from({ length: count }, (_, j) => ((j + 1) * CHANGEPOINT_RANGE) / (count + 1));
  const weekLength = 7 * dayLength;
  const weeklyCycles: number[] = [];
  const addSeason = (cycles: number, order: number, wanted: (harmonic: number) => boolean = () => true): void => {
    if (length < (CYCLES_NEEDED * weekLength) / cycles) return;
    // At half a cycle a step and above a harmonic cannot be told from a lower one.
    for (let k = 1; k <= order && k * cycles < weekLength / 2; k++) if (wanted(k)) weeklyCycles.push(k * cycles);
  };
  addSeason(7, DAILY_ORDER);
  addSeason(1, WEEKLY_ORDER, (k) => k % 7 !== 0);
  addSeason(1 / WEEKS_OF_YEAR, YEARLY_ORDER);
  return { length, dayLength, changepoints, weeklyCycles };
}

/** Columns: level, slope, one hinge per changepoint, a sine and a cosine per seasonal term. */
export function columnCount(design: Design): number {
  return 2 + design.changepoints.length + 2 * design.weeklyCycles.length;
}

/**
 * Rows `from` (inclusive) to `to` (exclusive), row-major. The seasons' phase counts from the start of the history, not from midnight: a
 * sine and cosine pair spans every phase, and series that start at different hours can share one matrix.
 */
export function designRows(design: Design, from: number, to: number): Float64Array {
  const { length, dayLength, changepoints, weeklyCycles } = design;
  const columns = columnCount(design);
  const rows = new Float64Array((to - from) * columns);
  for (let i = from, at = 0; i < to; i++) {
    const clock = i / length;
    rows[at++] = 1;
    rows[at++] = clock;
    for (const changepoint of changepoints) rows[at++] = Math.max(0, clock - changepoint);
    for (const cycles of weeklyCycles) {
      const angle = (2 * Math.PI * cycles * i) / (7 * dayLength);
      rows[at++] = Math.sin(angle);
      rows[at++] = Math.cos(angle);
    }
  }
  return rows;
}
