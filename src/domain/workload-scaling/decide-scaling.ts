import type { ScalingDecision, ScalingLook, ScalingMemory } from './scaling-look';
import type { ScalingPolicy } from './scaling-policy';
import { boundPercent, overloadedNow, useOf, wantsOf, type Want } from './wants-of';

type Change = Extract<ScalingDecision, { readonly to: number }>;

/** A want with the step that meets it, and what that costs and is worth over the present one. */
interface Weighed extends Omit<Change, 'kind'> {
  readonly pays: boolean;
}

const ALMOST = 1e-9;
const BELOW_ALL = -1;

/**
 * What to do with a workload's capacity: raised for what is announced or already beyond the bound, where the overloaded minutes that it avoids are worth more than it costs; lowered again, never
 * below what the workload had, when nothing calls for it for some looks and some time. The memory is the same again unless the count of calm looks changed.
 */
export function decideScaling(policy: ScalingPolicy, memory: ScalingMemory, look: ScalingLook): { readonly decision: ScalingDecision; readonly memory: ScalingMemory } {
  const weighed = wantsOf(policy, memory, look).map((want) => weigh(want, policy, look));
  const [raise] = weighed.filter(({ to, pays }) => pays && to > look.present).toSorted((a, b) => b.to - a.to);
  if (raise !== undefined) return { decision: mayTry(policy, memory, look, raise), memory: withCalm(memory, 0) };
  const floor = Math.max(look.base, ...weighed.filter(({ pays }) => pays).map(({ to }) => to));
  const lower = lowest(policy, look, floor);
  if (lower === null) return { decision: { kind: 'hold', reason: holdReason(policy, look, weighed) }, memory: withCalm(memory, 0) };
  const calm = memory.calmLooks + 1;
  const sinceMs = look.nowMs - Math.max(memory.changedAtMs ?? -Infinity, memory.refusedAtMs ?? -Infinity);
  if (calm < policy.calmLooks || sinceMs < policy.cooldownMs) {
    return { decision: { kind: 'hold', reason: `${nameOf(look, lower.to)} would do, at look ${calm} of ${policy.calmLooks}${sinceMs < policy.cooldownMs ? `, not before ${new Date(look.nowMs - sinceMs + policy.cooldownMs).toISOString()}` : ''}` }, memory: withCalm(memory, calm) };
  }
  return { decision: lower, memory: withCalm(memory, 0) };
}

function weigh({ cause, capacity, minutes, overloaded, reason }: Want, policy: ScalingPolicy, { steps, base, present }: ScalingLook): Weighed {
  const last = Math.min(steps.length - 1, base + policy.maximumAdded);
  const enough = steps.findIndex((step) => step.capacity >= capacity - ALMOST);
  const to = enough === -1 ? last : Math.min(last, enough);
  // What is there already is weighed as if it were to be had: it is kept while that would pay.
  const from = to > present ? present : Math.min(base, to);
  const [before, after] = [steps[from], steps[to]];
  if (before === undefined || after === undefined) return { cause, to: BELOW_ALL, pays: false, reason, usd: 0, worthUsd: 0 };
  const usd = ((after.usdPerHour - before.usdPerHour) * minutes) / 60;
  const worthUsd = (overloaded(before.capacity) - overloaded(after.capacity)) * minutes * policy.usdPerOverloadedMinute;
  return { cause, to, reason, usd, worthUsd, pays: worthUsd > usd };
}

function mayTry({ cooldownMs }: ScalingPolicy, { refusedAtMs }: ScalingMemory, look: ScalingLook, { cause, to, reason, usd, worthUsd }: Weighed): ScalingDecision {
  if (refusedAtMs !== null && look.nowMs - refusedAtMs < cooldownMs) return { kind: 'hold', reason: `${reason}; the last attempt was refused, the next is at ${new Date(refusedAtMs + cooldownMs).toISOString()}` };
  return { kind: 'raise', to, cause, usd, worthUsd, reason: `${reason}: ${nameOf(look, look.present)} becomes ${nameOf(look, to)} for ${usd.toFixed(4)} USD, and ${worthUsd.toFixed(4)} USD of overload are avoided` };
}

/** The least capacity that is enough with room to spare, or that is not worth more; null where the present one is. */
function lowest(policy: ScalingPolicy, look: ScalingLook, floor: number): Change | null {
  const { steps, present } = look;
  const now = steps[present];
  if (now === undefined) return null;
  const bound = boundPercent(policy, look);
  for (let to = floor; to < present; to += 1) {
    const step = steps[to];
    if (step === undefined) return null;
    const useAfter = useOf(look, step.capacity);
    const usd = ((step.usdPerHour - now.usdPerHour) * policy.keptMinutes) / 60;
    const worthUsd = (overloadedNow(policy, look, now.capacity) - overloadedNow(policy, look, step.capacity)) * policy.keptMinutes * policy.usdPerOverloadedMinute;
    const roomy = 1 - policy.hysteresisShare;
    const useless = useAfter <= policy.limitPercent * roomy && -worthUsd < -usd * roomy;
    if (useAfter <= bound * roomy || useless) {
      return { kind: 'lower', to, cause: 'calm', usd, worthUsd, reason: `${step.name} would be used by ${useAfter.toFixed(1)} %, the bound being ${bound.toFixed(1)} %, and nothing is announced: ${now.name} becomes ${step.name}` };
    }
  }
  return null;
}

function holdReason(policy: ScalingPolicy, look: ScalingLook, weighed: readonly Weighed[]): string {
  const { usePercent, present, steps } = look;
  const dear = weighed.find(({ pays, to }) => !pays && to > present);
  if (dear !== undefined) return `${dear.reason}; ${steps[dear.to]?.name ?? ''} for ${dear.usd.toFixed(4)} USD would avoid overload worth ${dear.worthUsd.toFixed(4)} USD`;
  const kept = weighed.find(({ pays }) => pays);
  if (kept !== undefined) return `${kept.reason}: ${nameOf(look, present)} ${kept.to <= present && present < steps.length ? 'is ready for it' : 'is all that is allowed'}`;
  if (usePercent === null) return 'nothing was measured: only what is announced can be prepared for';
  return `use is ${usePercent.toFixed(1)} %, within the bound of ${boundPercent(policy, look).toFixed(1)} %`;
}

function nameOf({ steps }: ScalingLook, index: number): string {
  return steps[index]?.name ?? 'nothing';
}

function withCalm(memory: ScalingMemory, calmLooks: number): ScalingMemory {
  return memory.calmLooks === calmLooks ? memory : { ...memory, calmLooks };
}
