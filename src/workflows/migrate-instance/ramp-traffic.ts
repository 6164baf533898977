import { ApplicationFailure } from '@temporalio/common';
import { sleep } from '@temporalio/workflow';
import type { RampVerdict } from '../../domain/judge/verdict-of';
import { askApproval } from './approval';
import type { FlowingState, PlannedMigration } from './migration';
import { countVerdict } from './migration-metrics';
import type { TrafficShift } from './traffic-shift';
import { TrafficWatch } from './traffic-watch';

/** The shadow takes what the source had. Returns the watch, which goes on in the bake; null where there is no traffic to watch. */
export async function moveService(migration: PlannedMigration, shift: TrafficShift | null, state: FlowingState | null): Promise<TrafficWatch | null> {
  if (state !== null) return handOverService(migration, shift, state);
  return shift === null ? null : rampTraffic(migration, shift);
}

/** Moves the traffic step by step; each step must pass its gate before the next begins. */
async function rampTraffic(migration: PlannedMigration, shift: TrafficShift): Promise<TrafficWatch> {
  const { progress, controls, policy } = migration;
  const stepMs = (): number => controls.rampRate.stepMs ?? policy.ramp.stepMs;
  await shift.isolateSource();
  const watch = new TrafficWatch(migration, shift);
  await watch.lookFor(stepMs);
  for (;;) {
    await controls.safePoint();
    const steps = controls.rampRate.stepsPercent ?? policy.ramp.stepsPercent;
    const next = steps.find((percent) => percent > progress.shadowPercent);
    if (next === undefined) return watch;
    await shift.setShadowPercent(next);
    progress.note(`${next} %`);
    watch.beginStep(next, steps.find((percent) => percent > next) ?? 100);
    await passStep(migration, watch, stepMs);
  }
}

/**
 * A state with one writer is in one place: it goes over at one moment, and all of the traffic follows. What still comes to the source
 * is passed on by what stands before its service. Null where no balancer sends it traffic.
 */
async function handOverService(migration: PlannedMigration, shift: TrafficShift | null, state: FlowingState): Promise<TrafficWatch | null> {
  if (shift === null) {
    await state.handOver();
    return null;
  }
  await shift.isolateSource();
  const watch = new TrafficWatch(migration, shift);
  await watch.lookFor(() => migration.controls.rampRate.stepMs ?? migration.policy.ramp.stepMs);
  await state.handOver();
  await shift.setShadowPercent(100);
  return watch;
}

/** Stays at the present weights until the gate passes; throws when it fails or when evidence does not come. */
async function passStep(migration: PlannedMigration, watch: TrafficWatch, stepMs: () => number): Promise<void> {
  const share = `${migration.progress.shadowPercent} %`;
  await stay(migration, watch, { where: `ramp ${share}`, at: `at ${share}`, firstMs: stepMs, againMs: stepMs, isEnough: ({ kind }) => kind === 'pass' });
}

/**
 * After the last step: the shadow carries everything, held against what the source showed before. A ramp has passed its gates: unless something looks bad, too
 * little traffic ends the bake as well as enough of it. A service that went over at one moment has nothing else to show. Without traffic, it is only waited.
 */
export async function bake(migration: PlannedMigration, watch: TrafficWatch | null, state: FlowingState | null): Promise<void> {
  const { policy } = migration;
  if (watch === null) return sleep(policy.bakeMs);
  watch.beginStep(100, 100);
  const isEnough = (verdict: RampVerdict): boolean => verdict.kind === 'pass' || (state === null && !(verdict.kind === 'inconclusive' && verdict.isSuspicious));
  await stay(migration, watch, { where: 'bake', at: 'in the bake', firstMs: () => policy.bakeMs, againMs: () => policy.ramp.stepMs, isEnough });
}

interface Stay {
  readonly where: string;
  readonly at: string;
  readonly firstMs: () => number;
  /** Of each time that it is held. */
  readonly againMs: () => number;
  readonly isEnough: (verdict: RampVerdict) => boolean;
}

async function stay(migration: PlannedMigration, watch: TrafficWatch, { where, at, firstMs, againMs, isEnough }: Stay): Promise<void> {
  const { policy } = migration;
  for (let holds = 0; ; holds += 1) {
    const verdict = await watch.lookFor(holds === 0 ? firstMs : againMs);
    await tell(migration, watch, where, verdict);
    if (verdict.kind === 'fail') throw verificationFailed(`${at} ${verdict.why}`);
    if (isEnough(verdict)) return;
    if (holds < policy.ramp.maxHolds) continue;
    const missing = `${at} no evidence after ${holds + 1} intervals: ${verdict.why}`;
    if (policy.ramp.withoutEvidence === 'goBack') throw verificationFailed(missing);
    const refusal = await askApproval(migration, `going on without evidence ${missing}`);
    if (refusal !== null) throw verificationFailed(`${missing}; ${refusal}`);
    return;
  }
}

/** The verdict, for the audit and for who looks. */
export async function tell({ progress }: PlannedMigration, watch: TrafficWatch, where: string, verdict: RampVerdict): Promise<void> {
  countVerdict(verdict.kind);
  const sentence = `${where}: ${verdict.kind}, ${verdict.why}`;
  progress.lastVerdict = sentence;
  progress.note(sentence);
  await progress.audit('decision', sentence, { reason: verdict.why, detail: { verdict, evidence: watch.evidence() } });
}

function verificationFailed(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: 'VerificationFailed', message, nonRetryable: true });
}
