import type { Cloud } from './ec2/cloud';
import { gatewayOptionsSchema } from './gateway-options';
import { startLocalCloud } from './local-cloud';

const PARENT_CHECK_MS = 500;

/** The process of all regions' gateways: one JSON argument in, one JSON line out when they serve; SIGTERM or the parent's end stop it. */
async function main(): Promise<void> {
  const parent = process.ppid;
  const options = gatewayOptionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
  const regions = new Map<string, Cloud>();
  const clouds = await Promise.all(options.regions.map((region) => startLocalCloud(options, region, regions, (error) => console.error(error))));

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    Promise.all(clouds.map((cloud) => cloud.stop())).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Orphans get another parent; instances must not outlive the program that started the cloud.
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, PARENT_CHECK_MS).unref();

  process.stdout.write(`${JSON.stringify({ ready: true, urls: clouds.map(({ url }) => url) })}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
