import type { ReapLine, ReapOrphansResult } from '../../contracts/reap-orphans';
import { describeDrift } from '../../domain/recovery/find-drift';
import { describeResource } from '../../domain/recovery/owned-resource';

const MOST_SHOWN = 30;

/** Markdown for the Temporal UI. */
export function describeReaping({ kind, survey: { resources, counts, needsOperator }, drift: { drift }, reaped, recovered, failed }: ReapOrphansResult): string {
  return [
    `### ${kind === 'DryRun' ? 'Dry run: ' : ''}${resources} thing(s) carry a workflow's tags`,
    `${counts.keep} stay, ${counts.reap} are to be taken away (${reaped.length} are gone), **${counts.needsOperator} are left to an operator**`,
    ...drift.map((one) => `\n**drift:** ${describeDrift(one)}`),
    ...recovered.map(({ instanceId, outcome, why }) => `\nmove of ${instanceId}: **${outcome}**, ${why}`),
    ...table('left to an operator', needsOperator),
    ...table('not taken away', failed),
  ].join('\n');
}

function table(title: string, lines: readonly ReapLine[]): string[] {
  if (lines.length === 0) return [];
  const rows = lines.slice(0, MOST_SHOWN).map((line) => `| ${describeResource(line)} | ${line.owner} | ${line.why} |`);
  return ['', `| ${title} | of | why |`, '|---|---|---|', ...rows];
}
