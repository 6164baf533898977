import type { SeriesKey } from '../domain/collected-metric';
import type { CollectionWindow, SeriesCoverage } from '../domain/plan-collection';

/** Values as they were measured; `atMs` is the beginning of a step. */
export interface SeriesPoints {
  readonly key: SeriesKey;
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
}

/** A range of a series on its grid; null where nothing is known. */
export interface StoredSeries {
  readonly key: SeriesKey;
  readonly startAtMs: number;
  readonly values: readonly (number | null)[];
}

/** Where metrics come from. */
export interface MetricSourcePort {
  /** All values of a window, in the order of its keys; a series without any has no points. Throws `Throttled` where the source wants a pause. */
  readWindow(window: CollectionWindow): Promise<{ readonly series: readonly SeriesPoints[]; readonly metricsRequested: number }>;
}

/** Keeps regular series of values for weeks. Every method throws `Unavailable` while it cannot be reached. */
export interface MetricHistoryStore {
  /** In the order of the keys. */
  coverage(keys: readonly SeriesKey[]): Promise<readonly SeriesCoverage[]>;
  /**
   * Adds values and replaces those of the same step: repeating it changes nothing. Also notes from when on the series were asked for, even where none came.
   * @returns how many steps have a value now that they had not, or another one; throws `InvalidInput` naming the series for a value that is no finite number
   */
  append(series: readonly SeriesPoints[], askedFromMs: number): Promise<number>;
  /** Values from `startAtMs` (inclusive) to `endAtMs` (exclusive), in the order of the keys; series that nobody knows have only nulls. */
  read(keys: readonly SeriesKey[], range: { readonly startAtMs: number; readonly endAtMs: number }): Promise<readonly StoredSeries[]>;
  /** Forgets whole days (UTC) that ended before `atMs`, and series of which nothing is left. @returns how many days of series */
  deleteBefore(atMs: number): Promise<number>;
}
