import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import type { Address } from './connect';
import { isPeer, trustOf, type TlsIdentity } from './tls-identity';

/** Serves the expected peer over TLS 1.3; others are turned away before they can say anything. */
export async function listen({ host, port }: Address, identity: TlsIdentity, onPeer: (socket: TLSSocket) => void): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer({ cert: identity.cert, key: identity.key, minVersion: 'TLSv1.3', requestCert: true, ...trustOf(identity), noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    if (isPeer(socket, identity)) onPeer(socket);
    else socket.destroy();
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}
