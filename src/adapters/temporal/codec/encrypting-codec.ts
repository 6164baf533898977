import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { shown } from '../../../domain/shown';
import type { DataKeys } from './data-keys';

const ENCODING = 'encoding';
const ENCRYPTED = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const WRAPPED_KEY = 'encryption-wrapped-key';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts every payload by AES-256-GCM before it leaves the process (NIST SP 800-38D; a fresh 96-bit nonce each), and names the key in its metadata, which is
 * authenticated with it. What is not encrypted is read as it is, so that keys can be introduced under running workflows.
 * @throws Error naming the key, where it is not there or the payload was changed
 */
export function createEncryptingCodec(keys: DataKeys): PayloadCodec {
  return {
    encode: (payloads) => Promise.all(payloads.map((payload) => encrypt(payload, keys))),
    decode: (payloads) => Promise.all(payloads.map((payload) => decrypt(payload, keys))),
  };
}

async function encrypt(payload: Payload, keys: DataKeys): Promise<Payload> {
  const { id, key, wrapped } = await keys.current();
  const metadata = { [ENCODING]: Buffer.from(ENCRYPTED), [KEY_ID]: Buffer.from(id), ...(wrapped === null ? {} : { [WRAPPED_KEY]: wrapped }) };
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(boundTo(id, wrapped));
  const plain = temporal.api.common.v1.Payload.encode(payload).finish();
  return { metadata, data: Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
}

async function decrypt(payload: Payload, keys: DataKeys): Promise<Payload> {
  if (textOf(payload, ENCODING) !== ENCRYPTED) return payload;
  const id = textOf(payload, KEY_ID);
  const wrapped = payload.metadata?.[WRAPPED_KEY] ?? null;
  const data = payload.data ?? new Uint8Array();
  if (id === null || data.length < IV_BYTES + TAG_BYTES) throw new Error('a payload says that it is encrypted, and is not whole');
  const key = await keys.byId(id, wrapped);
  const decipher = createDecipheriv(CIPHER, key, data.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES }).setAAD(boundTo(id, wrapped)).setAuthTag(data.subarray(data.length - TAG_BYTES));
  try {
    const plain = Buffer.concat([decipher.update(data.subarray(IV_BYTES, data.length - TAG_BYTES)), decipher.final()]);
    return temporal.api.common.v1.Payload.decode(plain);
  } catch {
    // The cipher's own error says nothing more, and would be what is shown.
    throw new Error(`a payload encrypted by the key ${shown(id)} was changed, or that is another key`);
  }
}

/** What the ciphertext is bound to beside itself. */
function boundTo(id: string, wrapped: Uint8Array | null): Buffer {
  return Buffer.concat([Buffer.from(`foreshift-payload-1\n${id}\n`), wrapped ?? Buffer.alloc(0)]);
}

function textOf(payload: Payload, field: string): string | null {
  const value = payload.metadata?.[field];
  return value === undefined || value === null ? null : Buffer.from(value).toString();
}
