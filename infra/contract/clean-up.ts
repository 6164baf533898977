import type { OwnedInEc2 } from '../../src/domain/recovery/resources-of';
import type { ContractWorld } from './contract-world';

type Cleaning = Pick<ContractWorld, 'compute' | 'disks' | 'reservations' | 'owned' | 'owner' | 'eventually'>;

/** Instances first: what they hold cannot go before them. Images before the snapshots that they are of. */
const ORDER: readonly OwnedInEc2['kind'][] = ['instance', 'volume', 'image', 'snapshot', 'reservation'];

/** Takes away everything that carries the run's owner, whoever made it, until nothing is found: at the end of a run, and after one that was killed. Answers how many things went. */
export async function cleanUp(world: Cleaning, say: (line: string) => void): Promise<number> {
  const gone = new Set<string>();
  const said = new Set<string>();
  const sayOnce = (line: string): void => {
    if (!said.has(line)) say(line);
    said.add(line);
  };
  await world.eventually('nothing of the run is left', async () => {
    const left = await world.owned.list(world.owner);
    for (const kind of ORDER) {
      for (const { id } of left.filter((one) => one.kind === kind)) {
        const why = await takeAway(world, kind, id).then(() => null, (error: unknown) => (error instanceof Error ? error.message : String(error)));
        // It may wait for another to go: the next look tells.
        sayOnce(why === null ? `  ${kind} ${id} is taken away` : `  ${kind} ${id} is still there: ${why}`);
        if (why === null) gone.add(id);
      }
    }
    return left.length === 0;
  });
  return gone.size;
}

async function takeAway({ compute, disks, reservations }: Cleaning, kind: OwnedInEc2['kind'], id: string): Promise<void> {
  switch (kind) {
    case 'instance':
      return compute.terminate([id]);
    case 'volume':
      return disks.deleteVolume(id);
    case 'image':
      return disks.deregisterImage(id);
    case 'snapshot':
      return disks.deleteSnapshot(id);
    case 'reservation':
      return reservations.cancel(id);
  }
}
