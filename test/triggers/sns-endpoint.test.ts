import { execFileSync } from 'node:child_process';
import { X509Certificate, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { trustedCertificate } from '../../src/triggers/sns/certificate-chain';
import { listenForSns } from '../../src/triggers/sns/http-server';
import { verifyMessage } from '../../src/triggers/sns/verify-message';
import { CERTIFICATE_URL, CONFIRM_URL, LocalSns, TOPIC, urlOf } from '../../infra/bench/alarms/local-sns';
import { HAS_OPENSSL } from '../support/has-openssl';

const HOUR = 3_600_000;

describe('A message that SNS posts', () => {
  it.each(['1', '2'])('signed by version %s is taken', async (SignatureVersion) => {
    const sns = new LocalSns();
    expect(await sns.post(sns.message({ SignatureVersion, Subject: 'ALARM: "cpu"' }))).toEqual({ status: 200, reason: 'taken' });
    expect(sns.taken).toEqual(['{"AlarmName":"cpu"}']);
  });

  it('asks for the certificate once for many messages', async () => {
    const sns = new LocalSns();
    for (let i = 0; i < 5; i += 1) await sns.post(sns.message());
    expect(sns.fetched).toEqual([CERTIFICATE_URL]);
  });

  it('confirms a subscription to a topic that is listened to, once', async () => {
    const sns = new LocalSns();
    const confirmation = sns.message({ Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: CONFIRM_URL });
    expect((await sns.post(confirmation)).status).toBe(200);
    expect((await sns.post(confirmation)).status).toBe(403);
    expect(sns.fetched).toEqual([CERTIFICATE_URL, CONFIRM_URL]);
  });

  const refused: [string, string, (sns: LocalSns) => Readonly<Record<string, string>>][] = [
    ['with another text than was signed', 'Signature', (sns) => ({ ...sns.message(), Message: '{"AlarmName":"other"}' })],
    ['with another id than was signed', 'Signature', (sns) => ({ ...sns.message(), MessageId: 'another' })],
    ['whose signature is of the other version', 'Signature', (sns) => ({ ...sns.message({ SignatureVersion: '1' }), SignatureVersion: '2' })],
    ['signed by somebody else', 'Signature', (sns) => sns.message({}, sns.keys.stranger)],
    ['with a subject that was added', 'Signature', (sns) => ({ ...sns.message(), Subject: 'hello' })],
    ['of an authority that is not believed', 'vouches', (sns) => sns.message({ SigningCertURL: urlOf('b') }, sns.keys.stranger)],
    ['with a certificate of another name', 'not one of SNS', (sns) => sns.message({ SigningCertURL: urlOf('a') }, sns.keys.other)],
    ['with a certificate that has expired', 'not valid now', (sns) => sns.message({ SigningCertURL: urlOf('c') })],
    ['with a certificate that is not there', '404', (sns) => sns.message({ SigningCertURL: urlOf('d') })],
    ['sent too long ago', 'Timestamp', (sns) => sns.message({ Timestamp: new Date(sns.nowMs - HOUR - 1_000).toISOString() })],
    ['sent tomorrow', 'Timestamp', (sns) => sns.message({ Timestamp: new Date(sns.nowMs + 24 * HOUR).toISOString() })],
    ['of another topic', 'TopicArn', (sns) => sns.message({ TopicArn: `${TOPIC}-2` })],
    ...['http://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem', 'https://sns.us-east-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem', 'https://evil.example/SimpleNotificationService-0.pem', 'https://sns.us-east-1.amazonaws.com@evil.example/SimpleNotificationService-0.pem', 'https://user@sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem', 'https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService-0.pem', 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem', 'https://sns.us-east-1.amazonaws.com/bucket/SimpleNotificationService-0.pem', 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem?x=1', 'file:///etc/passwd', 'no url'].map(
      (SigningCertURL): [string, string, (sns: LocalSns) => Readonly<Record<string, string>>] => [`whose certificate is at ${SigningCertURL}`, 'SigningCertURL', (sns) => sns.message({ SigningCertURL })],
    ),
    ['that would confirm elsewhere', 'SubscribeURL', (sns) => sns.message({ Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: 'https://evil.example/?Action=ConfirmSubscription' })],
    ['that would confirm another topic', 'SubscribeURL', (sns) => sns.message({ Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: CONFIRM_URL.replace(TOPIC, `${TOPIC}-2`) })],
  ];
  it.each(refused)('%s is refused', async (_, reason, make) => {
    const sns = new LocalSns();
    expect(await sns.post(make(sns))).toEqual({ status: 403, reason: expect.stringContaining(reason) });
    expect(sns.taken).toEqual([]);
    expect(sns.fetched.every((url) => url.startsWith('https://sns.us-east-1.amazonaws.com/SimpleNotificationService-'))).toBe(true);
  });

  it('a second time is refused, also at the same moment', async () => {
    const sns = new LocalSns();
    const message = sns.message();
    const answers = await Promise.all([sns.post(message), sns.post(message)]);
    answers.push(await sns.post(message));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403, 403]);
    expect(sns.taken).toHaveLength(1);
  });

  it('may come again where it could not be carried out, or its signer could not be looked up', async () => {
    const sns = new LocalSns();
    const message = sns.message();
    sns.reachable = false;
    expect((await sns.post(message)).status).toBe(503);
    sns.reachable = true;
    expect((await sns.post(message)).status).toBe(200);
  });

  it('of any kind is answered, and never with a failure of the endpoint', async () => {
    const sns = new LocalSns();
    const valid = JSON.stringify(sns.message());
    const mutated = fc.tuple(fc.nat(valid.length), fc.nat(40), fc.string({ maxLength: 20, unit: 'binary' })).map(([at, length, text]) => valid.slice(0, at) + text + valid.slice(at + length));
    const fields = fc.dictionary(fc.constantFrom('Type', 'MessageId', 'TopicArn', 'Message', 'Timestamp', 'SignatureVersion', 'Signature', 'SigningCertURL', 'Token', 'SubscribeURL', '__proto__'), fc.oneof(fc.constantFrom('Notification', 'SubscriptionConfirmation', TOPIC, CERTIFICATE_URL, '2', '1'), fc.json(), fc.string()));
    await fc.assert(fc.asyncProperty(fc.oneof(mutated, fields.map((some) => JSON.stringify({ ...sns.message(), ...some })), fc.json(), fc.string({ unit: 'binary' })), async (body) => {
      const { status } = await sns.answer(body);
      expect([200, 400, 403]).toContain(status);
      if (status === 200) expect(JSON.parse(body)).toHaveProperty('Signature');
    }), { numRuns: 2_000 });
  });
});

describe('The endpoint', () => {
  it('tells other paths, methods and too long bodies off, on the loopback interface', async () => {
    const sns = new LocalSns();
    const server = await listenForSns({ host: '127.0.0.1', port: 0, tls: null, answer: sns.answer });
    const url = `http://127.0.0.1:${server.port}`;
    const post = (path: string, body: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const posting = request(`${url}${path}`, { method: 'POST' }, (response) => { resolve(response.statusCode ?? 0); response.resume(); });
        posting.on('error', reject).end(body);
      });
    try {
      expect((await fetch(`${url}/health`)).status).toBe(200);
      expect((await fetch(`${url}/sns`)).status).toBe(405);
      expect(await post('/other', '{}')).toBe(404);
      expect(await post('/sns', 'x'.repeat(330 * 1_024))).toBe(413);
      expect(await post('/sns', JSON.stringify(sns.message()))).toBe(200);
    } finally {
      await server.close();
    }
  });
});


// A chain as Amazon's: RSA keys, and an intermediate that is not sent along. Only openssl makes one here.
(HAS_OPENSSL ? describe : describe.skip)('A chain with an intermediate that has to be fetched (needs the program openssl)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chain-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string): string => join(folder, name);
  const make = (name: string, issuer: string | null, extensions: string): void => {
    writeFileSync(file(`${name}.ext`), extensions);
    execFileSync('openssl', ['req', '-newkey', 'rsa:2048', '-nodes', '-keyout', file(`${name}.key`), '-subj', `/CN=${name}`, '-out', file(`${name}.csr`)], { stdio: 'ignore' });
    const by = issuer === null ? ['-signkey', file(`${name}.key`)] : ['-CA', file(`${issuer}.pem`), '-CAkey', file(`${issuer}.key`), '-CAcreateserial'];
    execFileSync('openssl', ['x509', '-req', '-in', file(`${name}.csr`), '-days', '2', '-extfile', file(`${name}.ext`), '-out', file(`${name}.pem`), ...by], { stdio: 'ignore' });
  };

  it('is believed, and a message signed with its RSA key by both versions; not without the intermediate, nor with a wrong one', async () => {
    const authority = 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n';
    make('root', null, authority);
    make('middle', 'root', authority);
    make('sns.amazonaws.com', 'middle', 'subjectAltName=DNS:sns.amazonaws.com\nauthorityInfoAccess=caIssuers;URI:http://crt.r2m01.amazontrust.com/r2m01.cer\n');
    const roots = [new X509Certificate(readFileSync(file('root.pem')))];
    const pem = readFileSync(file('sns.amazonaws.com.pem'));
    const fetched: string[] = [];
    const fetch = async (url: string): Promise<Buffer> => { fetched.push(url); return new X509Certificate(readFileSync(file('middle.pem'))).raw; };
    const certificate = await trustedCertificate(pem, { roots, nowMs: Date.now(), fetch });
    expect(fetched).toEqual(['http://crt.r2m01.amazontrust.com/r2m01.cer']);
    await expect(trustedCertificate(pem, { roots, nowMs: Date.now(), fetch: async () => pem })).rejects.toThrow('nobody who is believed');
    await expect(trustedCertificate(pem, { roots: [], nowMs: Date.now(), fetch })).rejects.toThrow('nobody who is believed');
    const text = `Message\nm\nMessageId\n1\nTimestamp\n2026-11-26T10:00:00.000Z\nTopicArn\n${TOPIC}\nType\nNotification\n`;
    for (const [SignatureVersion, digest] of [['1', 'RSA-SHA1'], ['2', 'RSA-SHA256']] as const) {
      const Signature = sign(digest, Buffer.from(text), readFileSync(file('sns.amazonaws.com.key'))).toString('base64');
      const message = { Type: 'Notification' as const, MessageId: '1', TopicArn: TOPIC, Message: 'm', Timestamp: '2026-11-26T10:00:00.000Z', sentAtMs: Date.UTC(2026, 10, 26, 10), SignatureVersion, Signature, SigningCertURL: CERTIFICATE_URL };
      await verifyMessage(message, { topicArns: [TOPIC], certificates: { get: async () => certificate }, windowMs: HOUR, nowMs: Date.UTC(2026, 10, 26, 10) });
    }
  }, 60_000);
});
