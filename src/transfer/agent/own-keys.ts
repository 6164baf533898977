import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../manifest/write-whole';
import { issueSelfSigned, type Issued } from '../session/issue-certificate';

/** A move takes hours at most; a machine may live for years. */
const DAYS = 3_650;

/** The machine's own certificate and key; made when they are first asked for, and never told to anybody but by fingerprint. */
export function ownKeys(folder: string, instanceId: string, nowMs: number): Issued {
  const [certFile, keyFile] = [join(folder, 'agent.pem'), join(folder, 'agent.key')];
  if (!existsSync(certFile)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { cert, key } = issueSelfSigned(instanceId, nowMs, DAYS);
    writeWhole(keyFile, key);
    writeWhole(certFile, cert);
  }
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

/** SHA-256 of a certificate as `AB:CD:...`. */
export function fingerprintOf(cert: string): string {
  return new X509Certificate(cert).fingerprint256;
}
