import type { LoadMetric } from '../forecast';
import { type ProfileTags, writeWorkloadTag } from './workload-tag';

/** How a profile counts load: of what an instance was allocated, so that small and large ones compare. Percent is 0..100. */
export type ProfileUnit = 'percentOfAllocation' | 'ratioToAllocation';

/** A series that a profile has learned from. */
export interface ProfileKin {
  readonly id: string;
  /** Values that were seen, gaps left out. */
  readonly points: number;
  /** Time of the latest value that the profile knows: a refresh reads only what came after it. */
  readonly lastAtMs: number;
}

/** States of normalized use, of a hidden Markov model; rising by mean. */
export interface ProfileStates {
  /** `[state]`, in the profile's unit. */
  readonly means: readonly number[];
  /** `[state]`: standard deviations, in the profile's unit. */
  readonly deviations: readonly number[];
  /** `[state]`: shares (0..1) of the time spent in each. */
  readonly shares: readonly number[];
  /** `[part of the day][from][to]`: probabilities of a step; the parts of the day (UTC) are equally long. */
  readonly transitions: readonly (readonly (readonly number[])[])[];
}

/** What kin use at each hour of the day (UTC). */
export interface ProfileBands {
  /** Rising probabilities within (0, 1). */
  readonly levels: readonly number[];
  /** `[hour 0..23][level]`, in the profile's unit. */
  readonly quantiles: readonly (readonly number[])[];
}

/** How kin burst: rises above what each of them used lately. */
export interface ProfileBursts {
  /** Mean count a day and series. */
  readonly perDay: number;
  /** `[hour 0..23]` (UTC): mean count of beginnings an hour and series. */
  readonly perHour: readonly number[];
  /** `[level]` of the bands: the highest value of a burst over the level before it, in the profile's unit; empty where kin have none. */
  readonly sizes: readonly number[];
  /** Median length; null where kin have none. */
  readonly typicalMinutes: number | null;
}

/**
 * What is known of the use of a group of workloads: what a new one of them is forecast from. Small enough to show and to pass on; the numbers that
 * forecasts are made of lie beside it in the database.
 */
export interface ShadowProfile {
  /** What the profile is called: see `profileName`. */
  readonly name: string;
  readonly tags: ProfileTags;
  readonly metric: LoadMetric;
  readonly unit: ProfileUnit;
  readonly stepMs: number;
  /** 1 for the first; each refresh counts on. */
  readonly version: number;
  /** SHA-256 over the model that it stands for: equal digests forecast alike. */
  readonly digest: string;
  readonly trainedFromMs: number;
  readonly trainedToMs: number;
  readonly madeAtMs: number;
  /** `fleet` where no workload had the tags and the whole fleet stands in: said to the reader, never silently. */
  readonly reach: 'tags' | 'fleet';
  /** Sorted by id. */
  readonly kin: readonly ProfileKin[];
  readonly states: ProfileStates;
  readonly bands: ProfileBands;
  readonly bursts: ProfileBursts;
  readonly notes: readonly string[];
}

/** The name under which a profile is kept: its metric and its tags, sorted: `cpuPercent app=web,tier=front`. */
export function profileName(tags: ProfileTags, metric: LoadMetric): string {
  return `${metric} ${writeWorkloadTag(tags) || '(fleet)'}`;
}

/** The unit that a metric's profiles count in. */
export function profileUnitOf(metric: LoadMetric): ProfileUnit {
  return metric === 'networkBytesPerSecond' ? 'ratioToAllocation' : 'percentOfAllocation';
}
