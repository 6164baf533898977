import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { checkServerIdentity, createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import type { Address } from './connect';
import type { TlsIdentity } from './tls-identity';

/** Serves peers over TLS 1.3 whose certificate is of the common authority and carries the expected name; others are turned away before they can say anything. */
export async function listen({ host, port }: Address, { ca, cert, key, peerName }: TlsIdentity, onPeer: (socket: TLSSocket) => void): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer({ ca, cert, key, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: true, noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    if (checkServerIdentity(peerName, socket.getPeerCertificate()) === undefined) onPeer(socket);
    else socket.destroy();
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}
