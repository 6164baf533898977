import type { Cloud } from './cloud';
import { restartProcess } from './instance-lifecycle';
import type { InstanceRecord } from './records';

/** A zone loses its power: the processes of its instances are killed, EC2 goes on calling them running, and there is no capacity. */
export async function darken(cloud: Cloud, zone: string): Promise<{ readonly instances: number }> {
  cloud.darkZones.add(zone);
  const hit = runningIn(cloud, zone);
  await Promise.all(hit.map(({ id }) => cloud.deps.runner.stop(id)));
  return { instances: hit.length };
}

/** The power is back: what runs there starts again. */
export async function lighten(cloud: Cloud, zone: string): Promise<{ readonly instances: number }> {
  cloud.darkZones.delete(zone);
  const back = runningIn(cloud, zone);
  await Promise.all(back.map((instance) => restartProcess(cloud, instance)));
  return { instances: back.length };
}

function runningIn(cloud: Cloud, zone: string): readonly InstanceRecord[] {
  return [...cloud.instances.values()].filter((instance) => instance.zone === zone && instance.state === 'running');
}
