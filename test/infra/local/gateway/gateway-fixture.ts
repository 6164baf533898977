import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EBSClient } from '@aws-sdk/client-ebs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { createLocalEc2, type LocalEc2, type LocalEc2Options } from '../../../../infra/local/gateway/ec2/local-ec2';
import type { ShapeCatalogue } from '../../../../infra/local/gateway/ec2/shape-catalogue';
import type { CloudDelays } from '../../../../infra/local/gateway/ports';
import { startGateway, type Gateway } from '../../../../infra/local/gateway/server';

export const NO_DELAYS: CloudDelays = {
  instancePendingMs: 0,
  instanceStoppingMs: 0,
  imagePendingMs: 0,
  snapshotPendingMs: 0,
  volumeCreatingMs: 0,
  volumeAttachingMs: 0,
  reservationPendingMs: 0,
  notFoundAfterCreateMs: 0,
  balancerPropagationMs: 0,
  managedAfterRunningMs: 0,
};

/** Four types and two zones, so that no test needs moto. */
export const CATALOGUE: ShapeCatalogue = {
  shape: async (name) =>
    new Map([
      ['m5.large', { architectures: ['x86_64'], vcpus: 2 }],
      ['m5.xlarge', { architectures: ['x86_64'], vcpus: 4 }],
      ['m7g.large', { architectures: ['arm64'], vcpus: 2 }],
      ['t3.micro', { architectures: ['x86_64'], vcpus: 2 }],
    ]).get(name),
  family: async (name) => new Map(name === 'm5' ? [['m5.large', 2], ['m5.xlarge', 4]] : []),
  launchTemplate: async () => undefined,
  subnets: async () =>
    ['us-east-1a', 'us-east-1b'].map((zone) => ({ subnetId: `subnet-${zone.slice(-1)}`, vpcId: 'vpc-1', zone, isDefault: true })),
};

export interface Fixture {
  readonly ec2: EC2Client;
  readonly ebs: EBSClient;
  readonly gateway: Gateway;
  readonly local: LocalEc2;
  readonly dataDir: string;
  readonly defects: unknown[];
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, never> }>;
  /** Makes an image of a folder with these files. */
  seedImage(name: string, files?: Record<string, string>): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a gateway with its own EC2 on a temporary folder. */
export async function startFixture(
  options: Partial<LocalEc2Options> & { readonly motoUrl?: string; readonly addressPrefix: string },
): Promise<Fixture> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-'));
  const defects: unknown[] = [];
  const onDefect = (error: unknown): void => void defects.push(error);
  const local = createLocalEc2({ dataDir, delays: { ...NO_DELAYS }, catalogue: CATALOGUE, onDefect, ...options });
  const { modules, controlRoutes } = local;
  const gateway = await startGateway({ modules, controlRoutes, motoUrl: options.motoUrl, onDefect });
  const config = {
    endpoint: gateway.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  const ec2 = new EC2Client(config);
  const ebs = new EBSClient(config);

  const control: Fixture['control'] = async (method, path, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${gateway.url}${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, never> };
  };

  return {
    ec2,
    ebs,
    gateway,
    local,
    dataDir,
    defects,
    control,
    async seedImage(name, files = { 'app.txt': 'hello' }) {
      const directory = join(dataDir, `seed-${name}`);
      mkdirSync(directory, { recursive: true });
      for (const [file, content] of Object.entries(files)) writeFileSync(join(directory, file), content);
      const { status, body } = await control('POST', '/_local/images', { name, directory });
      if (status !== 200) throw new Error(JSON.stringify(body));
      return body['imageId'] as unknown as string;
    },
    async stop() {
      ec2.destroy();
      ebs.destroy();
      await local.stop();
      await gateway.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Asks again until the answer is there. */
export async function eventually<T>(ask: () => Promise<T | undefined | false>, withinMs = 10_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error('It did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
