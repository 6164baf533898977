import type { Routing } from './routing-recommendation';

/** Balancers count ends in seconds and parts in thousandths. */
const END_TOLERANCE_MS = 1_000;
const SHED_TOLERANCE = 0.001;

/** What is served otherwise than wanted, a sentence each. */
export function routingDeviations(wanted: Routing, found: Routing): string[] {
  const differing = wanted.classes.flatMap(({ name, weights, shedRatio }) => {
    const served = found.classes.find((one) => one.name === name);
    if (served === undefined) return [`${name} is not routed`];
    const wrong = Object.entries(weights).filter(([memberId, weight]) => served.weights[memberId] !== weight);
    return [
      ...wrong.map(([memberId, weight]) => `${name}: ${memberId} ${served.weights[memberId] === undefined ? 'is not there' : `has weight ${served.weights[memberId]}, not ${weight}`}`),
      ...(Math.abs(served.shedRatio - shedRatio) > SHED_TOLERANCE ? [`${name}: ${percent(served.shedRatio)} are turned away, not ${percent(shedRatio)}`] : []),
    ];
  });
  const ends = Math.abs(found.untilMs - wanted.untilMs) <= END_TOLERANCE_MS;
  return ends ? differing : [...differing, `it ends at ${new Date(found.untilMs).toISOString()}, not at ${new Date(wanted.untilMs).toISOString()}`];
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(1))} %`;
}
