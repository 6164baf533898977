import * as crypto from 'node:crypto';

/** Bytes of a SHA-256 digest. */
export const DIGEST_BYTES = 32;

/** SHA-256 of the bytes. In one call where Node has it (from 20.12), which is a third faster on small chunks. */
export const sha256: (data: Uint8Array) => Buffer =
  typeof crypto.hash === 'function' ? (data) => crypto.hash('sha256', data, 'buffer') : (data) => crypto.createHash('sha256').update(data).digest();

/** SHA-256 as a string of one character a byte (latin1): for many small chunks, as a Buffer of its own for each costs more than half of the hashing. */
export const sha256Text: (data: Uint8Array) => string =
  typeof crypto.hash === 'function' ? (data) => crypto.hash('sha256', data, 'latin1' as 'hex') : (data) => crypto.createHash('sha256').update(data).digest('binary');

/** SHA-256 in hex. */
export function sha256Hex(data: Uint8Array): string {
  return sha256(data).toString('hex');
}
