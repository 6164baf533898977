import { X509Certificate } from 'node:crypto';

/** Leaf, intermediates, root: SNS's chains have three or four. */
const DEEPEST = 5;
const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
/** Amazon's authority publishes its intermediates there, over plain HTTP as is usual: they prove themselves by their signature. */
const ISSUER_URL = /^http:\/\/[a-z0-9-]{1,40}(\.[a-z0-9-]{1,40})?\.amazontrust\.com\/[\w./-]{1,100}$/;

export interface ChainOptions {
  /** Authorities that are believed. */
  readonly roots: readonly X509Certificate[];
  readonly nowMs: number;
  /** Fetches an issuer that was not sent along; PEM or DER. */
  readonly fetch: (url: string) => Promise<Buffer>;
}

/** The certificate in a PEM file, once its chain to a root that is believed is checked. @throws Error with what is wrong */
export async function trustedCertificate(pem: Buffer, { roots, nowMs, fetch }: ChainOptions): Promise<X509Certificate> {
  const [leaf, ...others] = (pem.toString('latin1').match(PEM) ?? []).slice(0, DEEPEST).map((text) => new X509Certificate(text));
  if (leaf === undefined) throw new Error('the signing certificate is no PEM');
  if (leaf.ca) throw new Error('the signing certificate is an authority');
  let current = leaf;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    if (!isValid(current, nowMs)) throw new Error(`the certificate of ${nameOf(current)} is not valid now`);
    const root = roots.find((one) => issued(one, current) && isValid(one, nowMs));
    if (root !== undefined) return leaf;
    const next = others.find((one) => issued(one, current)) ?? (await issuerOf(current, fetch));
    if (next === null || !issued(next, current)) throw new Error(`nobody who is believed vouches for ${nameOf(current)}`);
    current = next;
  }
  throw new Error('the chain of certificates is too long');
}

async function issuerOf(certificate: X509Certificate, fetch: ChainOptions['fetch']): Promise<X509Certificate | null> {
  const [, url] = /CA Issuers - URI:(\S+)/.exec(certificate.infoAccess ?? '') ?? [];
  return url === undefined || !ISSUER_URL.test(url) ? null : new X509Certificate(await fetch(url));
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isValid({ validFrom, validTo }: X509Certificate, nowMs: number): boolean {
  return Date.parse(validFrom) <= nowMs && nowMs <= Date.parse(validTo);
}

function nameOf({ subject }: X509Certificate): string {
  return subject.replaceAll('\n', ', ').slice(0, 100);
}
