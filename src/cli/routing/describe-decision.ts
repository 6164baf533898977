import Table from 'cli-table3';
import type { RoutingStatus } from '../../contracts/route-requests';
import type { RoutingDecision, RoutingRecommendation } from '../../domain/routing/routing-recommendation';

/** What is recommended, for a reader. */
export function describeDecision(decision: RoutingDecision): string {
  return decision.kind === 'release' ? `requests go as without Foreshift: ${decision.why.join('; ')}` : describeRecommendation(decision.recommendation);
}

/** What is in effect, for a reader. */
export function describeRoutingStatus({ service, phase, recommendation, verifiedAtMs, deviations, leaving, refused, ended }: RoutingStatus): string {
  return [
    `${service}: ${phase}${verifiedAtMs === null ? '' : `, read back at ${new Date(verifiedAtMs).toISOString()}`}`,
    recommendation === null ? 'requests go as without Foreshift' : describeRecommendation(recommendation),
    ...leaving.map(({ memberId, inFlight }) => `${memberId} is about to go: ${inFlight ?? 'an unknown number'} in flight${inFlight === 0 ? ', it may go' : ''}`),
    ...(deviations.times === 0 ? [] : [`the balancer served something else ${deviations.times} time(s), the last: ${deviations.last.join('; ')}`]),
    ...(ended === null ? [] : [`${ended.outcome}: ${ended.reasons.join('; ')}`, ...ended.left.map((one) => `left, an operator is needed: ${one}`)]),
    ...refused.map((refusal) => `refused: ${refusal}`),
  ].join('\n');
}

function describeRecommendation({ classes, untilMs, why }: RoutingRecommendation): string {
  const members = Object.keys(classes[0]?.weights ?? {});
  const table = new Table({ head: ['class', ...members, 'turned away'], style: { head: [], border: [] } });
  for (const { name, weights, shedRatio } of classes) table.push([name, ...members.map((memberId) => weights[memberId] ?? 0), `${Math.round(shedRatio * 100)} %`]);
  return `${table.toString()}\nuntil ${new Date(untilMs).toISOString()}, because\n${why.map((one) => `  - ${one}`).join('\n')}`;
}
