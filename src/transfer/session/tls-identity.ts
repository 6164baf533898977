import { readFileSync } from 'node:fs';
import { checkServerIdentity, type TLSSocket } from 'node:tls';

interface Own {
  readonly cert: string;
  readonly key: string;
}

/** Who one is, and whom one believes: PEM texts. The peer's certificate must be of the authority and carry the name. */
export interface AuthorityIdentity extends Own {
  readonly ca: string;
  readonly peerName: string;
}

/** Believes exactly one certificate, whoever signed it; null while it is not known yet whose. */
export interface PinnedIdentity extends Own {
  /** SHA-256 of the peer's certificate as `AB:CD:...`. */
  readonly peerFingerprint: () => string | null;
}

export type TlsIdentity = AuthorityIdentity | PinnedIdentity;

/** Reads an identity from files. */
export function readIdentity(files: { readonly ca: string; readonly cert: string; readonly key: string }, peerName: string): AuthorityIdentity {
  const [ca, cert, key] = [files.ca, files.cert, files.key].map((file) => readFileSync(file, 'utf8')) as [string, string, string];
  return { ca, cert, key, peerName };
}

/** What TLS itself is to check. A pinned peer proves its key in the handshake as any other; who it is, is looked at after it. */
export function trustOf(identity: TlsIdentity): { readonly ca?: string; readonly rejectUnauthorized: boolean } {
  return 'ca' in identity ? { ca: identity.ca, rejectUnauthorized: true } : { rejectUnauthorized: false };
}

/** Whether the other end of an established connection is the expected peer. */
export function isPeer(socket: TLSSocket, identity: TlsIdentity): boolean {
  if ('ca' in identity) return checkServerIdentity(identity.peerName, socket.getPeerCertificate()) === undefined;
  const expected = identity.peerFingerprint();
  return expected !== null && socket.getPeerX509Certificate()?.fingerprint256 === expected;
}
