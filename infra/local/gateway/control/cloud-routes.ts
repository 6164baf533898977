import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { freeInPool, freeSpot } from '../ec2/capacity';
import type { Cloud } from '../ec2/cloud';
import { summarizeCloud } from '../ec2/cloud-summary';
import { addImage, checkName } from '../ec2/image-operations';
import { deliver } from '../ec2/future-reservations';
import type { ReservationRecord } from '../ec2/records';
import { darken, lighten } from '../ec2/zone-outage';
import { createSnapshotRecord } from '../ec2/snapshot-creation';
import { captureFolder } from '../instances/disk-image';
import type { LoadTraces } from '../instances/load-traces';
import { AwsError } from '../operation';
import type { CloudDelays } from '../ports';
import { ControlError, parseControlBody, type ControlRoute } from './control-route';

const pool = z.strictObject({
  zone: z.string().min(1),
  shape: z.string().min(1),
  capacity: z.number().int().min(0).nullable(),
  /** Spot capacity is a pool of its own. */
  market: z.enum(['on-demand', 'spot']).default('on-demand'),
});

const quota = z.strictObject({ vcpus: z.number().int().min(0).nullable() });

const imageSeed = z.strictObject({
  name: z.string().min(3),
  directory: z.string().min(1),
  architecture: z.enum(['x86_64', 'arm64']).default('x86_64'),
  rootDeviceName: z.string().default('/dev/xvda'),
  sizeGib: z.number().int().min(1).default(8),
});

const loadTrace = z.strictObject({
  metric: z.string().min(1),
  startAtMs: z.number(),
  periodSeconds: z.number().positive(),
  values: z.array(z.number()).min(1),
});

const ms = z.number().min(0).optional();
const delayChange = z.strictObject({
  instancePendingMs: ms,
  instanceStoppingMs: ms,
  imagePendingMs: ms,
  snapshotPendingMs: ms,
  volumeCreatingMs: ms,
  volumeAttachingMs: ms,
  reservationPendingMs: ms,
  notFoundAfterCreateMs: ms,
  balancerPropagationMs: ms,
  managedAfterRunningMs: ms,
} satisfies Record<keyof CloudDelays, unknown>);

/** Control routes of the cloud: pools, images, load, delays and what exists. `delays` is changed in place. */
export function cloudRoutes(cloud: Cloud, traces: LoadTraces, delays: CloudDelays): ControlRoute[] {
  return [
    {
      method: 'PUT',
      path: '/_local/pools',
      handler: ({ body }) => {
        const { zone, shape, capacity, market } = parseControlBody(pool, body);
        const key = `${zone}/${shape}${market === 'spot' ? '/spot' : ''}`;
        if (capacity === null) cloud.pools.delete(key);
        else cloud.pools.set(key, capacity);
      },
    },
    {
      method: 'PUT',
      path: '/_local/quota',
      handler: ({ body }) => {
        cloud.vcpuQuota = parseControlBody(quota, body).vcpus ?? Infinity;
      },
    },
    { method: 'PUT', path: '/_local/zones/:zone/outage', handler: ({ params }) => darken(cloud, params['zone'] ?? '') },
    { method: 'DELETE', path: '/_local/zones/:zone/outage', handler: ({ params }) => lighten(cloud, params['zone'] ?? '') },
    { method: 'POST', path: '/_local/reservations/:id/deliver', handler: ({ params }) => deliver(cloud, knownReservation(cloud, params['id'] ?? '')) },
    { method: 'GET', path: '/_local/pools', handler: () => ({ pools: poolViews(cloud) }) },
    { method: 'POST', path: '/_local/images', handler: ({ body }) => seedImage(cloud, parseControlBody(imageSeed, body)) },
    {
      method: 'PUT',
      path: '/_local/instances/:id/load',
      handler: ({ body, params }) => traces.set(knownInstance(cloud, params['id'] ?? ''), parseControlBody(loadTrace, body)),
    },
    {
      method: 'DELETE',
      path: '/_local/instances/:id/load',
      handler: ({ params }) => traces.remove(knownInstance(cloud, params['id'] ?? '')),
    },
    {
      method: 'PUT',
      path: '/_local/delays',
      handler: ({ body }) => Object.assign(delays, parseControlBody(delayChange, body)),
    },
    { method: 'GET', path: '/_local/state', handler: ({ query }) => summarizeCloud(cloud, taggedWith(query.get('tag'))) },
  ];
}

/** `key=value`; the value may hold further equals signs. */
function taggedWith(text: string | null): { key: string; value: string } | undefined {
  if (text === null) return undefined;
  const at = text.indexOf('=');
  if (at < 1) throw new ControlError(400, `tag is "${text}"; expected key=value`);
  return { key: text.slice(0, at), value: text.slice(at + 1) };
}

function poolViews(cloud: Cloud): object[] {
  return [...cloud.pools].map(([key, capacity]) => {
    const [zone = '', shape = '', market] = key.split('/');
    return market === 'spot' ? { zone, shape, market, capacity, free: freeSpot(cloud, zone, shape) } : { zone, shape, capacity, free: freeInPool(cloud, zone, shape) };
  });
}

function knownReservation(cloud: Cloud, id: string): ReservationRecord {
  const found = cloud.reservations.get(id);
  if (found === undefined) throw new ControlError(404, `id: there is no capacity reservation ${id}`);
  return found;
}

function knownInstance(cloud: Cloud, id: string): string {
  if (!cloud.instances.has(id)) throw new ControlError(404, `id: there is no instance ${id}`);
  return id;
}

/** Makes an image whose root disk is a copy of a folder. */
async function seedImage(cloud: Cloud, seed: z.infer<typeof imageSeed>): Promise<object> {
  const { name, directory, architecture, rootDeviceName, sizeGib } = seed;
  const folder = await stat(directory).catch(() => undefined);
  if (folder?.isDirectory() !== true) throw new ControlError(400, `directory: ${directory} is not a folder`);
  try {
    checkName(cloud, name);
  } catch (error) {
    if (error instanceof AwsError) throw new ControlError(400, `name: ${error.message}`);
    throw error;
  }
  const blocks = await captureFolder(directory, cloud.deps.disks.blocks);
  const spec = { volumeId: 'vol-ffffffff', sizeGib, description: name, encrypted: false, kmsKeyId: undefined, parentId: undefined, tags: new Map() };
  const snapshot = createSnapshotRecord(cloud, spec, () => Promise.resolve(blocks));
  await snapshot.captured;
  snapshot.state = 'completed';
  const disk = { snapshotId: snapshot.id, sizeGib, type: 'gp3' as const, iops: undefined, throughput: undefined, encrypted: false };
  const image = addImage(cloud, {
    name,
    description: name,
    architecture,
    rootDeviceName,
    disks: [{ ...disk, device: rootDeviceName, deleteOnTermination: true }],
    sourceInstanceId: undefined,
    state: 'available',
    tags: new Map(),
  });
  return { imageId: image.id, snapshotId: snapshot.id };
}
