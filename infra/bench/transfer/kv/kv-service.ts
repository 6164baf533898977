/**
 * A key-value service with a write-ahead log, as a process of its own: a write is answered once it is in the log on disk. Started with its folder and a port,
 * it reads the log first. `POST /quiesce` ends the writes, syncs and answers; `POST /resume` lets them go on.
 */
import { closeSync, fdatasyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';

/** What a client asks: `{"n":1,"set":["key","value"]}` or `{"n":1,"get":"key"}`, one a line; the answer carries the same `n`. */
interface Request {
  readonly n: number;
  readonly set?: readonly [key: string, value: string];
  readonly get?: string;
}

const SEGMENT_BYTES = 4 * 1024 * 1024;

class Store {
  private readonly values = new Map<string, string>();
  private segment = 0;
  private written = 0;
  private fd: number;
  private pending: { readonly line: string; readonly done: () => void }[] = [];

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    for (; this.load(this.segment); this.segment += 1);
    this.fd = openSync(this.file(this.segment), 'a');
  }

  get(key: string): string | null {
    return this.values.get(key) ?? null;
  }

  /** Group commit: all that came in one turn is synced at once. */
  set(key: string, value: string, done: () => void): void {
    if (this.pending.length === 0) setImmediate(() => this.commit());
    this.pending.push({
      line: `${JSON.stringify([key, value])}\n`,
      done: () => {
        this.values.set(key, value);
        done();
      },
    });
  }

  commit(): void {
    const batch = this.pending;
    this.pending = [];
    if (batch.length === 0) return;
    this.written += writeSync(this.fd, batch.map(({ line }) => line).join(''));
    fdatasyncSync(this.fd);
    batch.forEach(({ done }) => done());
    if (this.written < SEGMENT_BYTES) return;
    closeSync(this.fd);
    this.written = 0;
    this.segment += 1;
    this.fd = openSync(this.file(this.segment), 'a');
  }

  private load(segment: number): boolean {
    let text: string;
    try {
      text = readFileSync(this.file(segment), 'utf8');
    } catch {
      return false;
    }
    for (const line of text.split('\n').slice(0, -1)) {
      const [key, value] = JSON.parse(line) as [string, string];
      this.values.set(key, value);
    }
    return true;
  }

  private file(segment: number): string {
    return join(this.folder, `wal-${String(segment).padStart(6, '0')}`);
  }
}

const [folder, port, controlPort] = process.argv.slice(2) as [string, string, string];
const store = new Store(folder);
let quiesced = false;

function answer(socket: Socket, { n, set, get }: Request): void {
  const reply = (more: object): void => void socket.write(`${JSON.stringify({ n, ...more })}\n`);
  if (quiesced) reply({ quiesced: true });
  else if (set !== undefined) store.set(set[0], set[1], () => reply({ ok: true }));
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
    store.commit();
    response.end();
  }).listen(Number(controlPort), '127.0.0.1', () => console.log('{"ready":true}')),
);
