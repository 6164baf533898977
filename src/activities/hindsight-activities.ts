import type { AuditEntry, AuditRecord } from '../contracts/audit';
import type { HindsightActivities, LookedBack } from '../contracts/hindsight';
import { isMigrationWorkflowId } from '../contracts/workflow-ids';
import { LOAD_ORIGIN } from '../domain/collected-metric';
import type { LoadMetric } from '../domain/forecast';
import { describeHindsight, hindsightOf } from '../domain/hindsight';
import type { Hindsight } from '../domain/hindsight';
import { asLoads } from '../domain/load-on-grid';
import type { Shape } from '../domain/shape';
import type { AuditPort } from './audit-activities';
import { STEP_MS } from './forecast-loads';
import type { MetricHistoryStore } from './metric-history-port';
import { SETTLED_AFTER_MS } from './score-forecasts';

/** Of all runs of an instance; a run decides some tens of times. */
const DECISIONS_READ = 5_000;

export interface HindsightDependencies {
  readonly audit: AuditPort & { list(filter: { readonly kind?: string; readonly workflowId?: string; readonly sinceMs?: number; readonly limit: number }): Promise<readonly AuditRecord[]> };
  readonly history: Pick<MetricHistoryStore, 'read'>;
  readonly shape: (name: string) => Promise<Shape>;
  readonly now: () => number;
}

/** What of a run's records a look back needs. */
interface DecidedOn {
  readonly metric: LoadMetric;
  readonly contended: boolean;
  readonly limit: number;
  readonly peakMedian: number;
  readonly peakP90: number;
  readonly untilMs: number;
  readonly fromShape: string;
}

export function createHindsightActivities({ audit, history, shape, now }: HindsightDependencies): HindsightActivities {
  async function tell(outcome: AuditRecord): Promise<Hindsight | null> {
    const { workflowId, runId, instanceId, atMs, service, detail } = outcome;
    const decisions = (await audit.list({ workflowId, kind: 'decision', limit: DECISIONS_READ })).filter((record) => record.runId === runId);
    const decided = decidedOn(decisions);
    if (decided === null || instanceId === null || decided.untilMs + SETTLED_AFTER_MS > now()) return null;
    const { replacementId, shape: became } = (detail ?? {}) as { replacementId?: string; shape?: string };
    const [stored] = await history.read([{ resource: replacementId ?? instanceId, metric: LOAD_ORIGIN[decided.metric].metric, stepMs: STEP_MS }], { startAtMs: Math.ceil(atMs / STEP_MS) * STEP_MS, endAtMs: decided.untilMs });
    const actual = asLoads(decided.metric, stored?.values, STEP_MS);
    const [from, carrier] = [await shape(decided.fromShape), await shape(became ?? decided.fromShape)];
    const facts = { ...decided, from, carrier, actual, stepMs: STEP_MS };
    const hindsight = hindsightOf(facts);
    if (hindsight === null) return null;
    const entry: AuditEntry = { key: keyOf(outcome), kind: 'hindsight', atMs: now(), actor: 'foreshift:hindsight', workflowId, runId, instanceId, service: service ?? null, summary: `afterwards: ${hindsight.verdict}`, reason: describeHindsight(hindsight, facts), detail: { ...hindsight, metric: decided.metric, limit: decided.limit, peakMedian: decided.peakMedian, peakP90: decided.peakP90, from: from.name, carrier: carrier.name } };
    await audit.append(entry);
    return hindsight;
  }

  return {
    async lookBack({ sinceMs, limit }) {
      const [outcomes, told] = await Promise.all([audit.list({ kind: 'outcome', sinceMs: now() - sinceMs, limit }), audit.list({ kind: 'hindsight', sinceMs: now() - sinceMs, limit })]);
      const known = new Set(told.map(({ key }) => key));
      const waiting = outcomes.filter((outcome) => isMigrationWorkflowId(outcome.workflowId) && !known.has(keyOf(outcome)));
      let report: LookedBack = { told: 0, contention: 0, falseAlarms: 0, open: 0 };
      for (const outcome of waiting) {
        const hindsight = await tell(outcome);
        if (hindsight === null) report = { ...report, open: report.open + 1 };
        else report = { ...report, told: report.told + 1, contention: report.contention + (hindsight.verdict === 'contention' ? 1 : 0), falseAlarms: report.falseAlarms + (hindsight.verdict === 'falseAlarm' ? 1 : 0) };
      }
      return report;
    },
  };
}

function keyOf({ workflowId, runId }: Pick<AuditRecord, 'workflowId' | 'runId'>): string {
  return `${workflowId}/${runId}/hindsight`;
}

/** Null where the run was not decided on a forecast, or came to no plan. */
function decidedOn(decisions: readonly AuditRecord[]): DecidedOn | null {
  const detailOf = (summary: string): unknown => decisions.find((record) => record.summary === summary)?.detail ?? null;
  const forecast = detailOf('forecast') as { assessment?: { metric: LoadMetric; contended: boolean }; forecasts?: readonly { metric: LoadMetric; limit?: number; peakMedian: number; peakP90: number; issuedAtMs: number; horizonMs: number }[] } | null;
  const plan = detailOf('plan') as { from?: { shape: string } } | null;
  const assessed = forecast?.forecasts?.find(({ metric }) => metric === forecast.assessment?.metric);
  if (forecast?.assessment === undefined || assessed?.limit === undefined || plan?.from === undefined) return null;
  const { metric, limit, peakMedian, peakP90, issuedAtMs, horizonMs } = assessed;
  return { metric, contended: forecast.assessment.contended, limit, peakMedian, peakP90, untilMs: issuedAtMs + horizonMs, fromShape: plan.from.shape };
}
