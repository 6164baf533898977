import { createServer } from 'node:net';

const LOWEST = 20_000;
const SPAN = 12_000;
const ATTEMPTS = 50;

/**
 * A port that is free now and is likely to stay so: below the range that outgoing connections draw from, so that a
 * restarted Envoy finds its port again.
 */
export async function findFreePort(taken: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = LOWEST + Math.floor(Math.random() * SPAN);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error('No free port found for the load balancer.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
