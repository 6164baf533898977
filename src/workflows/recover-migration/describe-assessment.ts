import { RECOVERY_WAYS, type Assessment } from '../../domain/recovery/assess-move';

/** Markdown for the Temporal UI. */
export function describeAssessment(instanceId: string, { sentence, proposal, refusals }: Assessment, left: readonly string[]): string {
  return [
    `### recovery of the move of ${instanceId}`,
    sentence,
    '',
    '| way | |',
    '|---|---|',
    ...RECOVERY_WAYS.map((way) => `| ${way}${way === proposal ? ' **(proposed)**' : ''} | ${refusals[way] ?? 'safe'} |`),
    ...(left.length > 0 ? ['', `there is also: ${left.join('; ')}`] : []),
  ].join('\n');
}
