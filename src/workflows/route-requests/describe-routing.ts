import type { RoutingStatus } from '../../contracts/route-requests';

/** What the Temporal UI shows of a routing, as markdown. */
export function describeRouting({ service, phase, recommendation, deviations, leaving, refused, ended }: RoutingStatus): string {
  const rows = (recommendation?.classes ?? []).map(({ name, weights, shedRatio }) => `| ${name} | ${Object.entries(weights).map(([memberId, weight]) => `${memberId} ${weight}`).join(', ')} | ${Math.round(shedRatio * 100)} % |`);
  return [
    `### ${service}: ${phase}`,
    ...(recommendation === null ? ['requests go as without Foreshift'] : [`until ${new Date(recommendation.untilMs).toISOString()}`, ...recommendation.why.map((why) => `- ${why}`), '', '| class | weights | turned away |', '|---|---|---|', ...rows]),
    ...leaving.map(({ memberId, inFlight }) => `- ${memberId} is about to go: ${inFlight ?? 'unknown'} in flight`),
    ...(deviations.times === 0 ? [] : [`**${deviations.times} time(s) the balancer served something else:** ${deviations.last.join('; ')}`]),
    ...(ended === null ? [] : [`**${ended.outcome}:** ${ended.reasons.join('; ')}`, ...ended.left.map((one) => `- left: ${one}`)]),
    ...refused.map((refusal) => `- refused: ${refusal}`),
  ].join('\n');
}
