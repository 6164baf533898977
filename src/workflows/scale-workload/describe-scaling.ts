import type { WorkloadStatus } from '../../contracts/scale-workload';

/** As the Temporal UI shows it. */
export function describeScaling({ tag, mode, paused, rounds, present, usePercent, last, notes, changes }: WorkloadStatus): string {
  const rows = changes.map(({ atMs, from, to, cause, outcome, usd, worthUsd, reason }) => `| ${new Date(atMs).toISOString()} | ${from} → ${to} | ${cause} | ${outcome} | ${usd.toFixed(4)} | ${worthUsd.toFixed(4)} | ${reason} |`);
  return [
    `### ${tag}: ${present ?? 'not seen'}${usePercent === null ? '' : `, used by ${usePercent.toFixed(1)} %`} (${paused ? 'paused' : mode}, look ${rounds})`,
    last,
    ...notes,
    ...(rows.length === 0 ? [] : ['', '| when | change | cause | | USD | worth USD | why |', '|---|---|---|---|---|---|---|', ...rows]),
  ].join('\n');
}
