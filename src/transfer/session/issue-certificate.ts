import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { sha256 } from '../digest';
import { bits, der, integer, objectId, octets, sequence, setOf, text, truth, utcTime } from './der';

/** A certificate and its key as PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

interface Issuer {
  readonly name: string;
  readonly key: string;
}

const ECDSA_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'));
const DAY_MS = 86_400_000;

/** An authority of one's own for the agents of one migration: whoever has its key can pass for either of them. */
export function issueAuthority(name: string, nowMs: number, days: number): Issued {
  return issue(name, null, 'authority', nowMs, days);
}

/** A certificate of that authority that proves this name, both as client and as server. */
export function issueCertificate(name: string, authority: Issuer, nowMs: number, days: number): Issued {
  return issue(name, authority, 'member', nowMs, days);
}

/** A certificate that nobody vouches for: whoever is to believe it is told its fingerprint by another way. */
export function issueSelfSigned(name: string, nowMs: number, days: number): Issued {
  return issue(name, null, 'member', nowMs, days);
}

// X.509 v3 (RFC 5280) with an ECDSA key on P-256.
function issue(name: string, authority: Issuer | null, as: 'authority' | 'member', nowMs: number, days: number): Issued {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const issuerKey = authority === null ? key : authority.key;
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_SHA256,
    nameOf(authority?.name ?? name),
    sequence(utcTime(nowMs - DAY_MS), utcTime(nowMs + days * DAY_MS)),
    nameOf(name),
    publicKeyOf(key),
    der(0xa3, sequence(...(as === 'authority' ? authorityExtensions() : memberExtensions(name)), keyIds(key, issuerKey))),
  );
  const certificate = sequence(body, ECDSA_SHA256, bits(sign('sha256', body, createPrivateKey(issuerKey))));
  return { cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`, key };
}

function nameOf(name: string): Buffer {
  return sequence(setOf(sequence(objectId('2.5.4.3'), text(name))));
}

function publicKeyOf(key: string): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

function authorityExtensions(): Buffer[] {
  const keyUsage = der(0x03, Buffer.from([1, 0b0000_0110]));
  return [extension('2.5.29.19', sequence(truth()), true), extension('2.5.29.15', keyUsage, true)];
}

function memberExtensions(name: string): Buffer[] {
  const uses = sequence(objectId('1.3.6.1.5.5.7.3.1'), objectId('1.3.6.1.5.5.7.3.2'));
  return [extension('2.5.29.17', sequence(der(0x82, Buffer.from(name)))), extension('2.5.29.37', uses)];
}

function keyIds(key: string, issuerKey: string): Buffer {
  const idOf = (of: string): Buffer => sha256(publicKeyOf(of)).subarray(0, 20);
  return Buffer.concat([extension('2.5.29.14', octets(idOf(key))), extension('2.5.29.35', sequence(der(0x80, idOf(issuerKey))))]);
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(objectId(id), ...(critical ? [truth()] : []), octets(value));
}
