import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { DEFAULT_MAX_DURATION_MS, type LoadMessage, type LoadOptions } from './load-protocol';
import { RequestTracker, type ObservedClient } from './request-tracker';

const REPORT_EVERY_MS = 100;
const REQUEST_TIMEOUT_S = 10;
// autocannon sends a second's requests in one burst; this many cannons, started one after another, spread them out.
const CANNONS = 10;

/** Entry of the load generator's process: takes its options as JSON in the first argument, reports over IPC. */
async function main(options: LoadOptions): Promise<void> {
  const tracker = new RequestTracker();
  const report = (): void => {
    const samples = tracker.take();
    if (samples.length > 0) send({ kind: 'samples', samples });
  };
  const reporting = setInterval(report, REPORT_EVERY_MS);
  const stop = new Promise<void>((resolve) => {
    setTimeout(resolve, options.maxDurationMs ?? DEFAULT_MAX_DURATION_MS);
    process.on('message', () => resolve());
    // Without its parent nobody wants the load.
    process.on('disconnect', () => process.exit(0));
  });

  const count = Math.max(1, Math.min(CANNONS, options.connections, Math.floor(options.ratePerSecond)));
  const cannons: autocannon.Instance[] = [];
  let stopping = false;
  const firing = (async () => {
    for (let index = 0; index < count && !stopping; index += 1) {
      cannons.push(
        autocannon(
          {
            url: new URL(options.path ?? '/', options.url).href,
            connections: share(options.connections, index, count),
            overallRate: share(options.ratePerSecond, index, count),
            duration: Math.ceil((options.maxDurationMs ?? DEFAULT_MAX_DURATION_MS) / 1000) + 60,
            timeout: REQUEST_TIMEOUT_S,
            ignoreCoordinatedOmission: true,
            setupClient: (client) => tracker.observe(client as unknown as ObservedClient),
          },
          () => undefined,
        ),
      );
      await sleep(1000 / count);
    }
  })();

  await stop;
  stopping = true;
  await firing;
  tracker.silence();
  // What is under way may finish; only what even its own timeout doesn't end is given up, and said so.
  const limitMs = Date.now() + REQUEST_TIMEOUT_S * 1000 + 500;
  while (tracker.unfinished > 0 && Date.now() < limitMs) await sleep(20);
  clearInterval(reporting);
  report();
  send({ kind: 'done', started: tracker.started, unfinished: tracker.unfinished }, () => process.exit(0));
}

function share(total: number, index: number, count: number): number {
  return Math.floor(total / count) + (index < total % count ? 1 : 0);
}

function send(message: LoadMessage, sent?: () => void): void {
  process.send?.(message, undefined, undefined, () => sent?.());
}

void main(JSON.parse(process.argv[2] ?? '{}') as LoadOptions);
