import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { KeyService } from '../temporal/codec/kms-keys';

/** KMS as a key service. Its client is not among the others: it may live in another region, and most processes do without it. */
export function createKeyService({ region, endpoint }: { readonly region: string; readonly endpoint?: string }): KeyService {
  const client = new KMSClient({ region, maxAttempts: 3, ...(endpoint === undefined ? {} : { endpoint }) });
  return {
    async generate(keyId) {
      const { Plaintext: key, CiphertextBlob: wrapped } = await client.send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256' }));
      if (key === undefined || wrapped === undefined) throw new Error(`KMS gave no data key by ${keyId}`);
      return { key, wrapped };
    },
    async unwrap(keyId, wrapped) {
      const { Plaintext: key } = await client.send(new DecryptCommand({ KeyId: keyId, CiphertextBlob: wrapped }));
      if (key === undefined) throw new Error(`KMS did not open a data key by ${keyId}`);
      return key;
    },
  };
}
