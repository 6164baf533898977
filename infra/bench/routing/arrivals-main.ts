import { Agent, get } from 'node:http';
import { createRandomStream } from '../../../src/domain/seeded-random';

/** What one stream of requests came to. Times in ms. */
export interface Arrivals {
  readonly sent: number;
  /** Answers of 200, and others by their status; 0: none at all. */
  readonly answered: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Who answered how many. */
  readonly by: Readonly<Record<string, number>>;
}

/*
 * `node arrivals-main.js URL PER_SECOND FOR_MS SEED`: requests that come at random (Poisson) and wait for nobody, as those of many clients do. Each counts from when it was due. Every answer is waited
 * for; then one line tells of all of them.
 */
async function main([url = '', perSecond = '', forMs = '', seed = '']: readonly string[]): Promise<void> {
  const random = createRandomStream(Number(seed));
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const latencies: number[] = [];
  const by: Record<string, number> = {};
  const refused: Record<string, number> = {};
  const open: Promise<void>[] = [];
  const beganAt = performance.now();
  for (let dueAt = beganAt; dueAt < beganAt + Number(forMs); dueAt += (-1000 * Math.log(1 - random())) / Number(perSecond)) {
    const ahead = dueAt - performance.now();
    if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
    open.push(ask(url, agent).then(({ status, body }) => {
      if (status !== 200) return void (refused[status] = (refused[status] ?? 0) + 1);
      latencies.push(performance.now() - dueAt);
      by[body] = (by[body] ?? 0) + 1;
    }));
  }
  await Promise.all(open);
  agent.destroy();
  const rising = Float64Array.from(latencies).sort();
  const quantile = (level: number): number => rising[Math.min(rising.length - 1, Math.floor(rising.length * level))] ?? NaN;
  const arrivals: Arrivals = { sent: open.length, answered: latencies.length, refused, p50Ms: quantile(0.5), p99Ms: quantile(0.99), by };
  process.stdout.write(`${JSON.stringify(arrivals)}\n`);
}

function ask(url: string, agent: Agent): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    get(url, { agent }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    }).on('error', () => resolve({ status: 0, body: '' }));
  });
}

if (require.main === module) void main(process.argv.slice(2));
