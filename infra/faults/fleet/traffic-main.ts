import http from 'node:http';
import { endWithParent } from '../../local/supervisor/end-with-parent';
import type { TrafficCommand, TrafficReport } from './traffic';

/** The process that sends requests: another's work must not look like a service's failure. */
const REQUEST_TIMEOUT_MS = 10_000;
const agent = new http.Agent({ keepAlive: true, maxSockets: 200 });
const senders = new Map<string, NodeJS.Timeout>();

process.on('message', (command: TrafficCommand) => {
  const { url, everyMs } = command;
  clearInterval(senders.get(url));
  senders.delete(url);
  if (everyMs > 0) senders.set(url, setInterval(() => send(url), everyMs));
});

function send(url: string): void {
  const sentAtMs = Date.now();
  let isOver = false;
  const over = (outcome: string): void => {
    if (isOver) return;
    isOver = true;
    const report: TrafficReport = { url, sentAtMs, endedAtMs: Date.now(), outcome };
    process.send?.(report);
  };
  const request = http.get(url, { agent, timeout: REQUEST_TIMEOUT_MS }, (response) => {
    response.resume();
    response.once('end', () => over(response.statusCode === 200 ? 'ok' : String(response.statusCode)));
    response.once('error', (error) => over(error.message));
  });
  request.once('timeout', () => request.destroy(new Error('timeout')));
  // Of a connection that the other side had closed nothing was sent: a client sends it once more.
  request.once('error', (error: NodeJS.ErrnoException) => (request.reusedSocket && error.code === 'ECONNRESET' && !isOver ? send(url) : over(error.message)));
}

endWithParent(async () => undefined);
