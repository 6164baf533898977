import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { endWithParent } from '../../local/supervisor/end-with-parent';

/*
 * `node instance-main.js NAME SLOTS SERVICE_MS`: an instance that answers so many requests at once, each after so long; the others wait in line. `PUT /_job?slots=N` is a neighbour that takes N of the
 * slots for itself.
 */
const [name = '', slots = '', serviceMs = ''] = process.argv.slice(2);
let taken = 0;
let busy = 0;
const line: (() => void)[] = [];

function serveNext(): void {
  while (busy < Number(slots) - taken) {
    const answer = line.shift();
    if (answer === undefined) return;
    busy += 1;
    setTimeout(() => {
      busy -= 1;
      answer();
      serveNext();
    }, Number(serviceMs));
  }
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://instance');
  if (url.pathname === '/_job') {
    taken = Number(url.searchParams.get('slots'));
    serveNext();
    return void response.end();
  }
  if (url.pathname === '/_state') return void response.end(JSON.stringify({ busy, waiting: line.length }));
  line.push(() => response.end(name));
  serveNext();
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`{"ready":true,"port":${(server.address() as AddressInfo).port}}\n`));
endWithParent(async () => server.closeAllConnections());
