import * as crypto from 'node:crypto';

/** Bytes of a SHA-256 digest. */
export const DIGEST_BYTES = 32;

// In one call where Node has it (from 20.12), which is a third faster on little data.
const hash = (data: Uint8Array | string, encoding: 'hex' | 'binary'): string =>
  typeof crypto.hash === 'function' ? crypto.hash('sha256', data, encoding) : crypto.createHash('sha256').update(data).digest(encoding);

/** SHA-256 of the bytes. */
export const sha256: (data: Uint8Array) => Buffer =
  typeof crypto.hash === 'function' ? (data) => crypto.hash('sha256', data, 'buffer') : (data) => crypto.createHash('sha256').update(data).digest();

/** SHA-256 as a string of one character a byte (latin1): for many small chunks, as a Buffer of its own for each costs more than half of the hashing. */
export function sha256Text(data: Uint8Array): string {
  return hash(data, 'binary');
}

/** SHA-256 in hex; of a string, that of its UTF-8. */
export function sha256Hex(data: Uint8Array | string): string {
  return hash(data, 'hex');
}
