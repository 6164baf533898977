import type { PhaseRecord } from '../../../../../contracts/migrate-instance';
import type { AuditRecord } from '../../../../../contracts/audit';
import type { ContentionAssessment } from '../../../../../domain/contention';
import type { RampEvidence } from '../../../../../domain/judge/evidence-of';
import type { RampVerdict } from '../../../../../domain/judge/verdict-of';
import type { MigrationPlan } from '../../../../../domain/migration-plan';

/** A verdict of the judge as the audit keeps it. */
export interface JudgeLine {
  readonly seq: number;
  readonly atMs: number;
  /** `ramp 25 %`, `bake`. */
  readonly where: string;
  readonly verdict: RampVerdict;
  /** Null in records from before the figures were written down. */
  readonly evidence: RampEvidence | null;
}

export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** What the audit tells of one run: its records carry the figures that a status query no longer can once a migration is gone. */
export interface Story {
  readonly plan: MigrationPlan | null;
  readonly assessment: ContentionAssessment | null;
  readonly judge: readonly JudgeLine[];
  /** Percent of the source's traffic that the shadow was given. */
  readonly weights: readonly Sample[];
  /** Bytes that the shadow was behind at the end of each round. */
  readonly lags: readonly Sample[];
  /** Of a run that has ended. */
  readonly phases: readonly PhaseRecord[];
  readonly left: readonly string[];
  readonly outcomeReasons: readonly string[];
}

const SHARE = /^(\d+(?:\.\d+)?) %/;

export function storyOf(records: readonly AuditRecord[], runId: string): Story {
  const mine = records.filter((record) => record.runId === runId);
  const detailOf = <T>(pick: (record: AuditRecord) => boolean): T | null => (mine.findLast(pick)?.detail as T | undefined) ?? null;
  const outcome = detailOf<{ readonly phases?: readonly PhaseRecord[]; readonly left?: readonly string[]; readonly reasons?: readonly string[] }>(({ kind }) => kind === 'outcome');
  return {
    plan: detailOf(({ kind, summary }) => kind === 'decision' && summary.startsWith('plan')),
    assessment: detailOf<{ readonly assessment: ContentionAssessment }>(({ kind, summary }) => kind === 'decision' && summary === 'forecast')?.assessment ?? null,
    judge: mine.flatMap(judgeLine),
    weights: mine.flatMap(weightOf),
    lags: mine.flatMap(lagOf),
    phases: outcome?.phases ?? [],
    left: outcome?.left ?? [],
    outcomeReasons: outcome?.reasons ?? [],
  };
}

function judgeLine({ seq, atMs, summary, detail }: AuditRecord): JudgeLine[] {
  const { verdict, evidence } = (detail ?? {}) as { readonly verdict?: RampVerdict; readonly evidence?: RampEvidence };
  return verdict === undefined ? [] : [{ seq, atMs, where: summary.split(':')[0] ?? summary, verdict, evidence: evidence ?? null }];
}

/** The act itself says in its arguments what it set: the percentage that the balancer's weights come to. */
function weightOf({ atMs, kind, summary, detail }: AuditRecord): Sample[] {
  if (kind !== 'act' && kind !== 'undo') return [];
  const { args } = (detail ?? {}) as { readonly args?: { readonly summary?: string } };
  const share = summary === 'setWeights' ? SHARE.exec(args?.summary ?? '')?.[1] : undefined;
  return share === undefined ? [] : [{ atMs, value: Number(share) }];
}

function lagOf({ atMs, summary, detail }: AuditRecord): Sample[] {
  if (summary !== 'measureDelta') return [];
  const { result } = (detail ?? {}) as { readonly result?: readonly { readonly changedBytes?: number }[] | null };
  return result === undefined || result === null ? [] : [{ atMs, value: result.reduce((sum, one) => sum + (one.changedBytes ?? 0), 0) }];
}
