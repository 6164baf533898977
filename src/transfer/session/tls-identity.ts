import { readFileSync } from 'node:fs';

/** Who one is, and whom one believes: PEM texts. */
export interface TlsIdentity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** The name that the peer's certificate must carry. */
  readonly peerName: string;
}

/** Reads an identity from files. */
export function readIdentity(files: { readonly ca: string; readonly cert: string; readonly key: string }, peerName: string): TlsIdentity {
  const [ca, cert, key] = [files.ca, files.cert, files.key].map((file) => readFileSync(file, 'utf8')) as [string, string, string];
  return { ca, cert, key, peerName };
}
