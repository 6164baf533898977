import type { LoadMetric } from '../domain/forecast';
import type { ScalingDecision, ScalingMemory } from '../domain/workload-scaling/scaling-look';
import type { ScalingPolicy } from '../domain/workload-scaling/scaling-policy';
import type { Owner } from './migration-activities';

export const SCALE_WORKLOAD = 'scaleWorkload';

/** Names of the messages, for clients that do not share the workflow's code. */
export const SCALE_MESSAGES = { pause: 'pause', resume: 'resume', stop: 'stop', status: 'status' } as const;

/** How a workload gets more capacity. */
export type ScalingMeans =
  | { readonly kind: 'group'; readonly autoScalingGroup: string }
  /** Its instances become other types in place, all of them; the smallest first. */
  | { readonly kind: 'shape'; readonly instanceIds: readonly string[]; readonly shapes: readonly string[] };

/** Known peaks: iCalendar text, or the events that `foreshift forecast --events` takes (dates or cron). */
export interface ScalingCalendar {
  readonly ical?: string;
  readonly events?: string;
  /** For times without a zone; default: UTC. */
  readonly timeZone?: string;
}

/** Input of `scaleWorkload`: `tag` and `by` are required. */
export interface ScaleWorkloadInput {
  /** `app=web`: the tags that its members share, sorted. */
  readonly tag: string;
  readonly by: ScalingMeans;
  /** Default: cpuPercent. */
  readonly metric?: Exclude<LoadMetric, 'networkBytesPerSecond'>;
  /** `observe`, the default, decides and tells, and changes nothing. */
  readonly mode?: 'observe' | 'act';
  /** What differs from the default. */
  readonly policy?: Partial<ScalingPolicy>;
  readonly calendar?: ScalingCalendar;
  /** How often it is looked at; default: 1 minute. */
  readonly everyMs?: number;
  /** Ends after so many looks; default: never. */
  readonly rounds?: number;
}

export interface ShapedInstance {
  readonly instanceId: string;
  readonly shape: string;
}

export interface WeighWorkloadArgs {
  readonly owner: Owner;
  readonly tag: string;
  readonly by: ScalingMeans;
  readonly metric: Exclude<LoadMetric, 'networkBytesPerSecond'>;
  readonly policy: ScalingPolicy;
  readonly calendar: ScalingCalendar | null;
  /** The type that its instances had at the first look; null before it, and for a group. */
  readonly baseShape: string | null;
  readonly memory: ScalingMemory;
  readonly nowMs: number;
}

export type WorkloadLook =
  /** Nobody has the tags. */
  | { readonly kind: 'empty'; readonly reason: string }
  | {
      readonly kind: 'weighed';
      readonly decision: ScalingDecision;
      readonly memory: ScalingMemory;
      readonly baseShape: string | null;
      /** For shapes: what each instance is. */
      readonly instances: readonly ShapedInstance[];
      /** Counts of members for a group, types for shapes. */
      readonly present: string;
      /** What the decision leads to; null where it holds. */
      readonly target: string | null;
      /** Members more (or, below 0, less) for a group; null for shapes. */
      readonly by: number | null;
      readonly members: number;
      readonly usePercent: number | null;
      /** What stands in for what is missing: no profile, no values. */
      readonly notes: readonly string[];
    };

/** One thing that was wanted, and what became of it. */
export interface WorkloadChange {
  readonly atMs: number;
  /** When what was added served; null where nothing was added. */
  readonly servedAtMs: number | null;
  readonly from: string;
  readonly to: string;
  readonly cause: string;
  readonly outcome: string;
  readonly reason: string;
  readonly usd: number;
  readonly worthUsd: number;
}

export interface WorkloadStatus {
  readonly tag: string;
  readonly mode: 'observe' | 'act';
  readonly rounds: number;
  readonly paused: boolean;
  readonly present: string | null;
  readonly usePercent: number | null;
  readonly last: string;
  readonly notes: readonly string[];
  /** The newest last, at most 20. */
  readonly changes: readonly WorkloadChange[];
}

export type ScaleWorkloadResult = WorkloadStatus & {
  readonly outcome: 'Ended' | 'Stopped' | 'Cancelled' | 'NeedsOperator';
  /** What of its additions could not be taken back. */
  readonly left: readonly string[];
};

/** `keep` leaves what was added. */
export interface StopScalingArgs {
  readonly reason?: string;
  readonly by?: string;
  readonly keep?: boolean;
}

export interface ScaleActivities {
  /** Sees the workload, its profile and its calendar, and decides. Throws `NotFound` for a group or an instance that is not there, `InvalidInput` for a calendar that is none. */
  weighWorkload(args: WeighWorkloadArgs): Promise<WorkloadLook>;
}
