import type { DataKeys } from './data-keys';
import { createFileKeys, readKeyFile } from './key-file';
import { createKmsKeys } from './kms-keys';
import type { KeyService } from './kms-keys';

/** The keys that a file names; KMS is loaded with the first payload, and only where it is named. @throws Error naming what is wrong with the file */
export function openDataKeys(file: string, endpoint: string | null): DataKeys {
  const named = readKeyFile(file);
  const fileKeys = createFileKeys(named);
  if (named.kms === undefined) return fileKeys;
  const { region, ...key } = named.kms;
  let service: Promise<KeyService> | null = null;
  const loaded = (): Promise<KeyService> => (service ??= import('../../aws/key-service.js').then(({ createKeyService }) => createKeyService({ region, ...(endpoint === null ? {} : { endpoint }) })));
  return createKmsKeys({ generate: async (keyId) => (await loaded()).generate(keyId), unwrap: async (keyId, wrapped) => (await loaded()).unwrap(keyId, wrapped) }, key, fileKeys, Date.now);
}
