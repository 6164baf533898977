import type { ProfileUnit } from './shadow-profile';

/** The load of a workload as a distribution, from its kin's profile and as much of its own history as there is. Step i (from 0) stands for `issuedAtMs + (i + 1) * stepMs`. */
export interface ProfileForecast {
  readonly workload: string;
  /** Name and version of the profile. */
  readonly profile: string;
  readonly profileVersion: number;
  readonly unit: ProfileUnit;
  /** Time of the last step that the forecast knows. */
  readonly issuedAtMs: number;
  readonly stepMs: number;
  /** Rising probabilities within (0, 1). */
  readonly levels: readonly number[];
  /** `[step][level]`, in the unit; never falling along the levels. */
  readonly quantiles: readonly (readonly number[])[];
  /** `[step]`, in the unit. */
  readonly mean: readonly number[];
  /** Values of the workload itself that were seen. */
  readonly ownPoints: number;
  /** Weight (0..1) of what the workload's own history alone says, the rest being its kin's; 0 without history. */
  readonly ownWeight: number;
  readonly notes: readonly string[];
}
