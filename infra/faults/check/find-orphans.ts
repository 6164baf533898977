import type { AwsClients } from '../../../src/adapters/aws/clients';
import { leftOver, takeInventory } from '../../local/demo/inventory';
import type { Inventory } from '../../local/demo/inventory';
import type { Fleet } from '../fleet/fleet';
import type { Resources } from './resources';

interface Cloud {
  readonly endpoint: string;
  readonly aws: Pick<AwsClients, 'elb'>;
  readonly fleet: Fleet;
  readonly resources: Resources;
}

/** What exists in the whole cloud at the end of a run and belongs to nobody: not there before, no slot's own, and not named to an operator by `told`. */
export async function findOrphans({ endpoint, aws, fleet, resources }: Cloud, before: Inventory, told: readonly string[]): Promise<readonly string[]> {
  const meant = new Set<string>();
  for (const slot of fleet.slots) {
    meant.add(slot.targetGroupArn);
    // One that a case did not leave whole has what its checks found.
    const present = slot.isWhole ? slot.instanceIds : [...(await resources.instancesOf(slot.service)).keys()];
    for (const id of present) meant.add(id);
  }
  const left = leftOver(before, await takeInventory(endpoint, aws.elb), [...meant]);
  return left.filter((line) => !told.some((one) => one.includes(idOf(line))));
}

/** As results name it: the last two parts of an ARN, else the whole id. */
function idOf(line: string): string {
  const id = line.slice(line.indexOf(': ') + 2);
  return id.startsWith('arn:') ? id.split('/').slice(-2).join('/') : id;
}
