import { say } from '../activity-proxies';
import type { PlannedMigration, SyncedShadow } from './migration';
import { TrafficShift } from './traffic-shift';

/** The shadow must be healthy, hold the same content and answer the same before any request may reach it. */
export async function verifyShadow(migration: PlannedMigration, shadow: SyncedShadow): Promise<TrafficShift | null> {
  const { owner, source, input, progress, waiting, there } = migration;
  const { instanceId } = shadow;
  await say(there.waiting.awaitInstanceHealthy, `Instance checks of ${instanceId}`, { instanceId });
  if (shadow.deltas.length > 0) {
    await say(there.longReads.verifyContent, "Content digests of the shadow's volumes", {
      owner,
      source,
      instanceId,
      imageId: shadow.image.imageId,
      deltas: shadow.deltas,
      ...(await digestsOfSource(migration, shadow)),
    });
  }
  const probePath = input.probePath ?? source.tags['foreshift:probe'];
  if (probePath !== undefined && source.traffic !== null) {
    const probe = { sourceId: source.instanceId, instanceId, port: source.traffic.port, path: probePath };
    await say(waiting.probeApplication, `The same answer on ${probePath} as the source's`, probe);
  }
  if (source.traffic === null) {
    progress.note('healthy; no balancer sends it traffic');
    return null;
  }
  const shift = new TrafficShift(migration, source.traffic, instanceId);
  await shift.prepare();
  progress.note('instance checks, content, application and target health agree');
  return shift;
}

/** Each side's blocks are read in their own region: it is their digests that travel. */
async function digestsOfSource({ here, there }: PlannedMigration, { deltas }: SyncedShadow): Promise<{ readonly digests?: Readonly<Record<string, string>> }> {
  return there.other === null ? {} : say(here.longReads.digestContent, "Content digests of the source's snapshots", { deltas });
}
