import { statSync } from 'node:fs';
import { z } from 'zod';
import { shown } from '../../../domain/shown';
import { readJsonFile } from '../../read-json-file';
import type { DataKeys } from './data-keys';

const KEY_BYTES = 32;
const OTHERS = 0o077;

const FILE = z.strictObject({
  kms: z.strictObject({ keyId: z.string().min(1), region: z.string().min(1), olderKeyIds: z.array(z.string().min(1)).default([]) }).optional(),
  keys: z
    .array(z.strictObject({ id: z.string().regex(/^[\w.-]{1,64}$/, 'expected letters, digits, dots and dashes'), key: z.string().refine((text) => Buffer.from(text, 'base64').length === KEY_BYTES, `expected ${KEY_BYTES} bytes as base64`) }))
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'expected every id once')
    .default([]),
}).refine(({ kms, keys }) => kms !== undefined || keys.length > 0, 'expected at least one key, or a key of KMS');

export type KeyFile = z.infer<typeof FILE>;

/** Reads a file of keys, `{"keys":[{"id":"...","key":"base64 of 32 bytes"}]}`, or `{"kms":{"keyId":"...","region":"..."}}`, with older keys beside it. @throws Error naming the file and what was expected, and no key */
export function readKeyFile(file: string): KeyFile {
  if ((statSync(file).mode & OTHERS) !== 0) throw new Error(`${file}: others than its owner may read or write these keys; expected mode 600`);
  return readJsonFile(file, FILE, { expected: 'JSON: {"keys":[{"id":"...","key":"..."}]}', whole: 'the file', isSecret: true });
}

/** The first key encrypts; the others are older ones, which still decrypt. */
export function createFileKeys({ keys }: KeyFile): DataKeys {
  const known = new Map(keys.map(({ id, key }) => [id, Buffer.from(key, 'base64')]));
  const [newest] = known;
  return {
    async current() {
      if (newest === undefined) throw new Error('there is no key to encrypt by');
      return { id: newest[0], key: newest[1], wrapped: null };
    },
    async byId(id) {
      const key = known.get(id);
      if (key === undefined) throw new Error(`a payload was encrypted by the key ${shown(id)}, which is not among FORESHIFT_PAYLOAD_KEYS: ${[...known.keys()].join(', ')}`);
      return key;
    },
  };
}
