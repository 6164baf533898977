import Table from 'cli-table3';
import type { ReapLine, ReapOrphansResult } from '../../contracts/reap-orphans';
import { describeDrift } from '../../domain/recovery/find-drift';
import { describeResource } from '../../domain/recovery/owned-resource';

/** A table of what was found and what became of it, and one line that sums it up. */
export function describeReaped({ kind, survey, drift: { drift }, reaped, recovered, failed }: ReapOrphansResult): string {
  const table = new Table({ head: ['', 'what', 'of', 'why'], style: { head: [], border: [] }, wordWrap: true });
  const add = (mark: string, lines: readonly ReapLine[]): void => {
    for (const line of lines) table.push([mark, describeResource(line), line.owner, line.why]);
  };
  if (kind === 'DryRun') add('would go', survey.reap);
  add('gone', reaped);
  add('not gone', failed);
  add('operator', survey.needsOperator);
  add('stays', survey.kept);
  const { counts } = survey;
  const done = kind === 'DryRun' ? `${counts.reap} would be taken away` : `${reaped.length} of ${counts.reap} taken away`;
  const moves = recovered.map(({ instanceId, outcome, why }) => `move of ${instanceId}: ${outcome}, ${why}\n`).join('');
  const drifted = drift.map((one) => `drift: ${describeDrift(one)}\n`).join('');
  const summary = `${survey.resources} thing(s) carry a workflow's tags: ${counts.keep} stay, ${done}, ${counts.needsOperator} left to an operator`;
  return `${survey.resources === 0 ? '' : `${table.toString()}\n`}${moves}${drifted}${summary}`;
}
