import type { LoadMetric } from '../domain/forecast';
import type { BurstPrediction } from '../domain/profiles/burst-prediction';
import type { ProfileTags } from '../domain/profiles/workload-tag';
import type { ProfileBand } from '../domain/workload-scaling/scaling-look';

export interface ProfileQuestion {
  readonly tags: ProfileTags;
  readonly metric: LoadMetric;
  readonly nowMs: number;
}

/** A workload's own latest use, in percent of the allocation; null where nothing was measured. */
export interface RecentUse {
  readonly startAtMs: number;
  readonly stepMs: number;
  readonly values: readonly (number | null)[];
}

/** What is known of workloads with these tags. Null: there is no profile. */
export interface WorkloadProfilePort {
  /** Usual use at this time of day, in percent of the allocation. */
  bandNow(question: ProfileQuestion): Promise<ProfileBand | null>;
  predictBurst(question: ProfileQuestion & { readonly withinMinutes: number; readonly recent: RecentUse }): Promise<BurstPrediction | null>;
}
