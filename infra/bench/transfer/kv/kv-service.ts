/**
 * A key-value service with a write-ahead log, as a process of its own: a write is answered once it is in the log on disk. Started with its folder and a port,
 * it reads the log first. `POST /quiesce` ends the writes, syncs and answers; `POST /resume` lets them go on.
 */
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { KvStore } from '../../../local/demo/stateful/image/kv-store';

/** What a client asks: `{"n":1,"set":["key","value"]}` or `{"n":1,"get":"key"}`, one a line; the answer carries the same `n`. */
interface Request {
  readonly n: number;
  readonly set?: readonly [key: string, value: string];
  readonly get?: string;
}

const [folder, port, controlPort] = process.argv.slice(2) as [string, string, string];
const store = new KvStore(folder);
let quiesced = false;

function answer(socket: Socket, { n, set, get }: Request): void {
  const reply = (more: object): void => void socket.write(`${JSON.stringify({ n, ...more })}\n`);
  if (quiesced) reply({ quiesced: true });
  else if (set !== undefined) void store.set(set[0], set[1]).then(() => reply({ ok: true }));
  else reply({ value: store.get(get ?? '') });
}

createServer({ noDelay: true }, (socket) => {
  let rest = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop() as string;
    lines.forEach((line) => answer(socket, JSON.parse(line) as Request));
  });
}).listen(Number(port), '127.0.0.1', () =>
  createHttp((request, response) => {
    quiesced = request.url === '/quiesce';
    void store.close().then(() => response.end());
  }).listen(Number(controlPort), '127.0.0.1', () => console.log('{"ready":true}')),
);
