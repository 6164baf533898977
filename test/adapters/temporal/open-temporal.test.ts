import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { Http2SecureServer, IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { openTemporal } from '../../../src/adapters/temporal/open-temporal';
import { environment, setVariable } from '../../../src/contracts/config';
import { HAS_OPENSSL } from '../../support/has-openssl';

const UNIMPLEMENTED = '12';

/** What Temporal Cloud asks for: a certificate of the client, or an API key, over TLS. */
(HAS_OPENSSL ? describe : describe.skip)('The connection to a Temporal server (needs the program openssl)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'));
  const file = (name: string): string => join(folder, name);
  const seen: { client: string | undefined; headers: IncomingHttpHeaders }[] = [];
  let server: Http2SecureServer;
  let address: string;
  const before = { ...environment() };

  beforeAll(async () => {
    for (const name of ['localhost', 'foreshift-worker']) {
      execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)], { stdio: 'ignore' });
    }
    server = createSecureServer({ cert: readFileSync(file('localhost.pem')), key: readFileSync(file('localhost.key')), ca: readFileSync(file('foreshift-worker.pem')), requestCert: true, rejectUnauthorized: false });
    server.on('stream', (stream, headers) => {
      const socket = stream.session?.socket as TLSSocket;
      seen.push({ client: socket.authorized ? String(socket.getPeerCertificate().subject.CN) : undefined, headers });
      // A server that does not tell its abilities is an old one, and no reason to fail.
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': UNIMPLEMENTED, 'grpc-message': 'unknown method GetSystemInfo' }, { endStream: true });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    address = `localhost:${(server.address() as AddressInfo).port}`;
    writeFileSync(
      file('temporal.toml'),
      `[profile.mtls.tls]\nserver_ca_cert_path = "${file('localhost.pem')}"\nclient_cert_path = "${file('foreshift-worker.pem')}"\nclient_key_path = "${file('foreshift-worker.key')}"\n[profile.key]\napi_key = "an-api-key"\n[profile.key.tls]\nserver_ca_cert_path = "${file('localhost.pem')}"\n`,
    );
    setVariable('TEMPORAL_CONFIG_FILE', file('temporal.toml'));
  });
  afterAll(async () => {
    for (const name of ['TEMPORAL_CONFIG_FILE', 'TEMPORAL_PROFILE']) setVariable(name, before[name] ?? '');
    await new Promise((closed) => server.close(closed));
    rmSync(folder, { recursive: true, force: true });
  });

  async function connect(profile: string, temporalSecured = true): Promise<unknown> {
    setVariable('TEMPORAL_PROFILE', profile);
    const { connection } = openTemporal({ temporalAddress: address, temporalNamespace: 'default', temporalSecured, payloadKeys: null, actorKey: null, awsEndpoint: null });
    return connection.ensureConnected().then(() => null, (error: unknown) => error).finally(() => connection.close());
  }

  it('shows the certificate of its profile', async () => {
    expect(await connect('mtls')).toBeNull();
    expect(seen.at(-1)).toMatchObject({ client: 'foreshift-worker' });
  });

  it('shows the API key of its profile, over TLS alone', async () => {
    expect(await connect('key')).toBeNull();
    expect(seen.at(-1)).toMatchObject({ client: undefined, headers: { authorization: 'Bearer an-api-key' } });
  });

  it('shows neither to a local cloud', async () => {
    const known = seen.length;
    expect(await connect('key', false)).toBeInstanceOf(Error);
    expect(seen).toHaveLength(known);
  }, 15_000);
});
