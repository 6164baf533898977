import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { sql } from 'kysely';
import { openDatabase } from '../../../src/adapters/postgres/database';

/** AuthenticationOk and ReadyForQuery of the protocol: all that a client waits for before its first statement. */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

describe('a database that goes away while a statement is under way', () => {
  let server: Server;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(WELCOME);
        socket.once('data', () => socket.resetAndDestroy());
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('fails the statement, and not the process', async () => {
    const crashes: unknown[] = [];
    const note = (error: unknown): void => void crashes.push(error);
    process.on('uncaughtException', note);
    const db = openDatabase(`postgresql://somebody@127.0.0.1:${(server.address() as AddressInfo).port}/any`);
    try {
      await expect(sql`select 1`.execute(db)).rejects.toThrow(/ECONNRESET|terminated/);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(crashes).toEqual([]);
    } finally {
      process.off('uncaughtException', note);
      await db.destroy();
    }
  });
});
