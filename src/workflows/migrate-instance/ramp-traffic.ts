import { ApplicationFailure } from '@temporalio/common';
import { condition } from '@temporalio/workflow';
import { judgeRampStep } from '../../domain/ramp-verdict';
import type { TrafficSample } from '../../domain/ramp-verdict';
import type { PlannedMigration } from './migration';
import type { TrafficShift } from './traffic-shift';

/** CloudWatch has the last requests of an interval only a moment after it. */
const METRICS_SETTLE_MS = 1000;

/**
 * Moves the traffic step by step; each step must pass its gate before the next begins. Returns the source's last sample,
 * the measure for the bake, when nothing is left on the source to compare with.
 */
export async function rampTraffic(migration: PlannedMigration, shift: TrafficShift): Promise<TrafficSample> {
  const { progress, controls, policy } = migration;
  await shift.isolateSource();
  let baseline = await sampleFor(shift, policy.ramp.stepMs);
  for (;;) {
    await controls.safePoint();
    const steps = controls.rampRate.stepsPercent ?? policy.ramp.stepsPercent;
    const next = steps.find((percent) => percent > progress.shadowPercent);
    if (next === undefined) return baseline.source;
    await shift.setShadowPercent(next);
    progress.note(`${next} %`);
    const measured = await passStep(migration, shift, baseline.source);
    if (measured.source.requests >= policy.ramp.gate.minRequests) baseline = measured;
  }
}

/** Stays at the present weights until the gate passes; throws when it fails or when evidence does not come. */
async function passStep(migration: PlannedMigration, shift: TrafficShift, lastSource: TrafficSample): Promise<{ source: TrafficSample; shadow: TrafficSample }> {
  const { progress, policy, controls } = migration;
  const fromMs = Date.now();
  for (let holds = 0; ; holds += 1) {
    await sleepUnlessRateChanges(migration);
    const sample = await shift.measure(fromMs, Date.now() - METRICS_SETTLE_MS);
    const reference = sample.source.requests >= policy.ramp.gate.minRequests ? sample.source : lastSource;
    const verdict = judgeRampStep(sample.shadow, reference, policy.ramp.gate);
    const sentence = `${progress.shadowPercent} %: ${verdict.kind}, ${verdict.why}`;
    progress.lastVerdict = sentence;
    progress.note(sentence);
    await progress.audit('decision', `ramp ${sentence}`, { reason: verdict.why, detail: { sample, verdict } });
    if (verdict.kind === 'pass') return sample;
    if (verdict.kind === 'fail') throw verificationFailed(`at ${progress.shadowPercent} % ${verdict.why}`);
    if (holds >= policy.ramp.maxHolds) {
      throw verificationFailed(`at ${progress.shadowPercent} % no evidence after ${holds + 1} intervals: ${verdict.why}`);
    }
    await controls.safePoint();
  }
}

/** After the last step: the shadow carries everything, held against what the source showed before. */
export async function bake(migration: PlannedMigration, shift: TrafficShift, baseline: TrafficSample): Promise<void> {
  const { policy, progress } = migration;
  const fromMs = Date.now();
  const looks = Math.max(1, Math.min(10, Math.floor(policy.bakeMs / Math.max(policy.ramp.stepMs, 1))));
  for (let look = 1; look <= looks; look += 1) {
    await migration.controls.safePoint();
    const sample = await sampleFor(shift, policy.bakeMs / looks, fromMs);
    const verdict = judgeRampStep(sample.shadow, baseline, policy.ramp.gate);
    progress.lastVerdict = `bake: ${verdict.kind}, ${verdict.why}`;
    progress.note(progress.lastVerdict);
    await progress.audit('decision', progress.lastVerdict, { reason: verdict.why, detail: { sample, verdict } });
    if (verdict.kind === 'fail') throw verificationFailed(`in the bake ${verdict.why}`);
  }
}

async function sampleFor(shift: TrafficShift, durationMs: number, fromMs = Date.now()): Promise<{ source: TrafficSample; shadow: TrafficSample }> {
  await condition(() => false, durationMs + METRICS_SETTLE_MS);
  return shift.measure(fromMs, Date.now() - METRICS_SETTLE_MS);
}

/** A new rate holds at once, also for the step that is waited on. */
async function sleepUnlessRateChanges(migration: PlannedMigration): Promise<void> {
  const { controls, policy } = migration;
  const startedAtMs = Date.now();
  for (;;) {
    const stepMs = controls.rampRate.stepMs ?? policy.ramp.stepMs;
    const leftMs = startedAtMs + stepMs + METRICS_SETTLE_MS - Date.now();
    if (leftMs <= 0) return;
    const changed = await condition(() => (controls.rampRate.stepMs ?? policy.ramp.stepMs) !== stepMs, leftMs);
    if (!changed) return;
  }
}

function verificationFailed(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: 'VerificationFailed', message, nonRetryable: true });
}
