import type { Slot } from '../fleet/fleet';
import type { Resources } from './resources';

export interface Violation {
  readonly expected: string;
  readonly found: string;
}

/** Who is to stand and serve after the case, and nobody else. */
export async function checkService(resources: Resources, slot: Slot, servingIds: readonly string[]): Promise<readonly Violation[]> {
  const [instances, health, weights] = await Promise.all([resources.instancesOf(slot.service), resources.healthOf(slot.targetGroupArn), resources.weightsOf(slot.ruleArn)]);
  const wanted = servingIds.toSorted().join(', ');
  return [
    ...unlessSame(`instances of ${slot.service}`, wanted, [...instances.keys()].toSorted().join(', ')),
    ...unlessSame('targets in the pool', servingIds.map((id) => `${id} healthy`).toSorted().join(', '), [...health].map(([id, state]) => `${id} ${state}`).toSorted().join(', ')),
    ...unlessSame('weights of the rule', `${groupName(slot.targetGroupArn)} alone, above 0`, weightSentence(weights, slot.targetGroupArn)),
  ];
}

export function unlessSame(what: string, expected: string, found: string): readonly Violation[] {
  return expected === found ? [] : [{ expected: `${what}: ${expected || 'none'}`, found: found || 'none' }];
}

function weightSentence(weights: ReadonlyMap<string, number>, poolArn: string): string {
  if (weights.size === 1 && (weights.get(poolArn) ?? 0) > 0) return `${groupName(poolArn)} alone, above 0`;
  return [...weights].map(([arn, weight]) => `${groupName(arn)}=${weight}`).join(', ');
}

function groupName(arn: string): string {
  return arn.split('/').at(-2) ?? arn;
}
