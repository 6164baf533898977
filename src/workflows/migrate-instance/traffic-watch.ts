import { condition } from '@temporalio/workflow';
import { beginJudging, beginStep } from '../../domain/judge/begin-step';
import { evidenceOf, type RampEvidence } from '../../domain/judge/evidence-of';
import type { JudgeState } from '../../domain/judge/judge-state';
import type { LatencyQuantiles } from '../../domain/judge/traffic-interval';
import type { RampVerdict } from '../../domain/judge/verdict-of';
import type { PlannedMigration } from './migration';
import type { TrafficShift } from './traffic-shift';

/** Looks at the traffic of source and shadow from the first step to the end of the bake, and remembers what speaks against the shadow. */
export class TrafficWatch {
  private state: JudgeState;
  private latencies: LatencyQuantiles = null;

  constructor(
    private readonly migration: PlannedMigration,
    private readonly shift: TrafficShift,
  ) {
    const { ramp, bakeMs } = migration.policy;
    const steps = ramp.stepsPercent.length;
    this.state = beginJudging(Date.now(), { steps: steps + 1, durationMs: steps * (ramp.stepMs + ramp.metricsSettleMs) + bakeMs });
  }

  /** From now on the shadow has so much of the source's traffic, and so much after this step. */
  beginStep(shadowPercent: number, nextPercent: number): void {
    const step = { atMs: Date.now(), besideSource: shadowPercent < 100, nextShare: nextPercent / 100, source: this.latencies };
    this.state = beginStep(this.state, step, this.migration.policy.ramp.gate);
  }

  /** What the last verdict rests on. */
  evidence(): RampEvidence {
    return evidenceOf(this.state, this.migration.policy.ramp.gate);
  }

  /** Looks again and again; returns early only when the shadow fails. The duration may change meanwhile. */
  async lookFor(durationMs: () => number): Promise<RampVerdict> {
    const { lookMs, metricsSettleMs } = this.migration.policy.ramp;
    const startedAtMs = Date.now();
    for (;;) {
      const lastsMs = durationMs();
      const leftMs = startedAtMs + lastsMs + metricsSettleMs - Date.now();
      const changed = leftMs > 0 && (await condition(() => durationMs() !== lastsMs, leftMs < 1.5 * lookMs ? leftMs : lookMs));
      if (changed) continue;
      await this.migration.controls.safePoint();
      const verdict = await this.look();
      if (verdict.kind === 'fail' || Date.now() >= startedAtMs + durationMs() + metricsSettleMs) return verdict;
    }
  }

  private async look(): Promise<RampVerdict> {
    const { progress, policy } = this.migration;
    const { state, verdict, latencies } = await this.shift.judge(this.state, Date.now() - policy.ramp.metricsSettleMs);
    this.state = state;
    this.latencies = latencies ?? this.latencies;
    progress.lastVerdict = `${progress.shadowPercent} %: ${verdict.kind}, ${verdict.why}`;
    return verdict;
  }
}
