import { probabilityAbove, quantileAt } from '../quantile-function';
import type { ScalingCause, ScalingLook, ScalingMemory } from './scaling-look';
import type { ScalingPolicy } from './scaling-policy';

/** A reason for a capacity. */
export interface Want {
  readonly cause: Exclude<ScalingCause, 'calm'>;
  readonly capacity: number;
  /** How long it is needed. */
  readonly minutes: number;
  /** How much of those minutes a capacity is overloaded: 0 not at all; above 1 where it is far beyond its limit. */
  readonly overloaded: (capacity: number) => number;
  readonly reason: string;
}

const MINUTE_MS = 60_000;
/** Shares come from divisions. */
const ALMOST = 1e-9;

/** All that calls for a capacity now, or so soon that it must be begun now. */
export function wantsOf(policy: ScalingPolicy, memory: ScalingMemory, look: ScalingLook): Want[] {
  return [...burstWants(policy, memory, look), ...windowWants(policy, look), ...useWants(policy, look)];
}

/** The use (percent) beyond which is scaled: the chosen end of the profile's interval, and never above the limit. */
export function boundPercent({ bound, interval, limitPercent }: ScalingPolicy, { band }: Pick<ScalingLook, 'band'>): number {
  return band === null ? limitPercent : Math.min(limitPercent, quantileAt(band.use, interval[bound === 'lower' ? 0 : 1]));
}

/** What the present load would use of another capacity, in percent. */
export function useOf({ usePercent, servingCapacity }: ScalingLook, capacity: number): number {
  const load = (usePercent ?? 0) * servingCapacity;
  return load === 0 ? 0 : load / capacity;
}

/**
 * The chance that the present load overloads a capacity in the time to come: it moves as the profile says, at the level that it has now. Above the limit already it counts by how far, so that
 * less overload is better than more: 1 at the limit, 1.25 a quarter above it.
 */
export function overloadedNow({ limitPercent }: ScalingPolicy, look: ScalingLook, capacity: number): number {
  const use = useOf(look, capacity);
  if (use > limitPercent + ALMOST) return use / limitPercent;
  const { band } = look;
  if (band === null) return 0;
  const level = use / Math.max(1, quantileAt(band.use, 0.5));
  return probabilityAbove({ levels: band.use.levels, values: band.use.values.map((value) => value * level) }, limitPercent);
}

function burstWants(policy: ScalingPolicy, { burst }: ScalingMemory, { band, nowMs }: ScalingLook): Want[] {
  if (burst === null) return [];
  const { prediction, askedAtMs, capacity } = burst;
  const { probability, levels, sizePercent, expectedStartMs, withinMinutes, reason } = prediction;
  if (levels.length === 0) return [];
  const minutes = band?.typicalBurstMinutes ?? policy.burstMinutes;
  const untilMs = (expectedStartMs ?? askedAtMs + withinMinutes * MINUTE_MS) + minutes * MINUTE_MS;
  if (nowMs >= untilMs || (expectedStartMs !== null && nowMs < expectedStartMs - policy.leadMs)) return [];
  const size = { levels, values: sizePercent };
  const prepared = quantileAt(size, policy.burstLevel);
  return [
    {
      cause: 'burst',
      capacity: (capacity * prepared) / policy.limitPercent,
      minutes,
      overloaded: (other) => probability * probabilityAbove(size, (policy.limitPercent * other) / capacity),
      reason: `a burst to ${prepared.toFixed(0)} % with a chance of ${probability.toFixed(2)}: ${reason}`,
    },
  ];
}

function windowWants({ leadMs, peakFactor }: ScalingPolicy, { windows, steps, base, nowMs }: ScalingLook): Want[] {
  const usual = steps[base]?.capacity ?? 0;
  const capacity = usual * peakFactor;
  return windows
    .filter(({ startAtMs, endAtMs }) => nowMs >= startAtMs - leadMs && nowMs < endAtMs)
    .map(({ name, startAtMs, endAtMs }) => ({
      cause: 'calendar' as const,
      capacity,
      minutes: (endAtMs - Math.max(nowMs, startAtMs)) / MINUTE_MS,
      overloaded: (other: number) => (other < capacity - ALMOST ? (capacity - other) / (capacity - usual) : 0),
      reason: `"${name}" ${nowMs < startAtMs ? 'begins' : 'began'} at ${new Date(startAtMs).toISOString()}`,
    }));
}

function useWants(policy: ScalingPolicy, look: ScalingLook): Want[] {
  const { usePercent, band, servingCapacity, steps, present } = look;
  const ordered = steps[present]?.capacity ?? servingCapacity;
  const bound = boundPercent(policy, look);
  // What was ordered is on its way: use says nothing of it yet.
  if (usePercent === null || usePercent <= bound || servingCapacity < ordered - ALMOST) return [];
  return [
    {
      cause: 'beyond',
      capacity: ordered * (1 + ((usePercent - bound) * policy.sensitivity) / 100),
      minutes: policy.keptMinutes,
      overloaded: (capacity) => overloadedNow(policy, look, capacity),
      reason: `use is ${usePercent.toFixed(1)} %, beyond ${band === null ? `the limit of ${bound} %, no profile being there` : `${bound.toFixed(1)} %, the ${policy.bound} bound of ${band.profile}`}`,
    },
  ];
}
