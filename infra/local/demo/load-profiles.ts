export type LoadProfileName = 'steady' | 'office-hours' | 'night-batch' | 'growing';

/** The character of a service's load; levels in percent of its full scale. */
export interface LoadProfile {
  readonly base: number;
  /** Height of the daily shape at its top. */
  readonly amplitude: number;
  /** The daily shape, 0..1, by hour (0..24, UTC). */
  readonly shape: (hour: number, weekend: boolean) => number;
  /** Usual deviation of the noise, as a share of the load. */
  readonly noise: number;
  readonly burstsPerDay: number;
  /** Widest level shift, from below to above. */
  readonly regimeShift: number;
}

export const LOAD_PROFILES: Readonly<Record<LoadProfileName, LoadProfile>> = {
  /** A service for the whole world: a gentle wave around the clock. */
  steady: { base: 28, amplitude: 8, shape: (hour) => 0.5 + 0.5 * wave(hour, 15), noise: 0.04, burstsPerDay: 2, regimeShift: 4 },
  /** People at work: two tops around noon's dip, hardly anything at night and at weekends. */
  'office-hours': {
    base: 12,
    amplitude: 45,
    shape: (hour, weekend) => (weekend ? 0.2 : 1) * Math.min(1, bell(hour, 10.5, 1.8) + bell(hour, 14.8, 2)),
    noise: 0.06,
    burstsPerDay: 3,
    regimeShift: 4,
  },
  /** Idle by day, a block of work from one to four at night. */
  'night-batch': { base: 8, amplitude: 55, shape: (hour) => 1 / (1 + Math.exp(-6 * (1.5 - Math.abs(hour - 2.5)))), noise: 0.05, burstsPerDay: 1, regimeShift: 2 },
  /** A service in demand: a daily wave on a steady rise, so that it passes its limit on the way up to a day's top. */
  growing: { base: 20, amplitude: 26, shape: (hour) => 0.5 + 0.5 * wave(hour, 15), noise: 0.015, burstsPerDay: 1, regimeShift: 2 },
};

function wave(hour: number, top: number): number {
  return Math.cos((2 * Math.PI * (hour - top)) / 24);
}

function bell(hour: number, top: number, width: number): number {
  return Math.exp(-(((hour - top) / width) ** 2) / 2);
}
