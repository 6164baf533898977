import { shown } from '../../../domain/shown';
import { createHash } from 'node:crypto';
import type { DataKey, DataKeys } from './data-keys';

/** What is asked of a key service: keys that it also gives in encrypted form, which only it can open again. */
export interface KeyService {
  generate(keyId: string): Promise<{ readonly key: Uint8Array; readonly wrapped: Uint8Array }>;
  unwrap(keyId: string, wrapped: Uint8Array): Promise<Uint8Array>;
}

/** A process's data key is renewed within it, far below what AES-GCM bears by random nonces (2^32 payloads). */
const RENEWED_AFTER_MS = 60 * 60_000;
/** Opened keys are kept, the least recently used go: a history was written by a few processes. */
const OPENED_KEPT = 1_000;
const PREFIX = 'kms:';

/**
 * Envelope encryption (AWS KMS developer guide, "Envelope encryption"): payloads by a data key, that key by a key which never leaves the service.
 * `others` knows the keys of payloads from before. @throws Error for a key that is neither the present nor an older one
 */
export function createKmsKeys(service: KeyService, { keyId, olderKeyIds }: { readonly keyId: string; readonly olderKeyIds: readonly string[] }, others: DataKeys, now: () => number): DataKeys {
  const allowed = [keyId, ...olderKeyIds];
  const opened = new Map<string, Promise<Uint8Array>>();
  let own: { readonly made: Promise<DataKey>; readonly atMs: number } | null = null;

  function keep(name: string, key: Promise<Uint8Array>): Promise<Uint8Array> {
    opened.delete(name);
    opened.set(name, key);
    // What failed is asked again.
    key.catch(() => opened.delete(name));
    const [oldest] = opened.keys();
    if (opened.size > OPENED_KEPT && oldest !== undefined) opened.delete(oldest);
    return key;
  }

  async function make(): Promise<DataKey> {
    const { key, wrapped } = await service.generate(keyId);
    void keep(nameOf(wrapped), Promise.resolve(key));
    return { id: `${PREFIX}${keyId}`, key, wrapped };
  }

  return {
    current() {
      if (own === null || now() - own.atMs > RENEWED_AFTER_MS) {
        const made = make();
        own = { made, atMs: now() };
        made.catch(() => (own = null));
      }
      return own.made;
    },
    async byId(id, wrapped) {
      if (!id.startsWith(PREFIX)) return others.byId(id, wrapped);
      const wanted = id.slice(PREFIX.length);
      if (!allowed.includes(wanted) || wrapped === null) throw new Error(`a payload was encrypted by KMS's key ${shown(wanted)}, which is not among FORESHIFT_PAYLOAD_KEYS: ${allowed.join(', ')}`);
      const name = nameOf(wrapped);
      return keep(name, opened.get(name) ?? service.unwrap(wanted, wrapped));
    },
  };
}

function nameOf(wrapped: Uint8Array): string {
  return createHash('sha256').update(wrapped).digest('base64');
}
