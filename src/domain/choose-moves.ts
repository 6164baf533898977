import type { ContentionAssessment } from './contention';

/** What is known of one instance's coming load. */
export interface InstanceOutlook {
  readonly instanceId: string;
  readonly name: string;
  readonly service: string;
  readonly assessment: ContentionAssessment;
}

/** Every instance gets a choice, and every choice its reasons. */
export interface MoveChoice {
  readonly instanceId: string;
  readonly name: string;
  readonly move: boolean;
  readonly probability: number | null;
  readonly leadMs: number | null;
  readonly reasons: readonly string[];
}

/** Most probable contention first; at most `maxMoves`, at most one a service at a time. */
export function chooseMoves(outlooks: readonly InstanceOutlook[], limits: { readonly maxMoves: number }): MoveChoice[] {
  const ranked = outlooks.toSorted(
    (a, b) => (b.assessment.probability ?? -1) - (a.assessment.probability ?? -1) || a.instanceId.localeCompare(b.instanceId),
  );
  const movingServices = new Set<string>();
  let moves = 0;
  return ranked.map((outlook) => {
    const { assessment } = outlook;
    const held = !assessment.contended
      ? null
      : movingServices.has(outlook.service)
        ? `another instance of ${outlook.service} moves first`
        : moves >= limits.maxMoves
          ? `the tick may start ${limits.maxMoves} move(s)`
          : null;
    const move = assessment.contended && held === null;
    if (move) {
      moves += 1;
      movingServices.add(outlook.service);
    }
    return {
      instanceId: outlook.instanceId,
      name: outlook.name,
      move,
      probability: assessment.probability,
      leadMs: assessment.leadMs,
      reasons: [...(held === null ? [] : [held]), ...assessment.explanation],
    };
  });
}
