import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import fc from 'fast-check';
import { createEncryptingCodec } from '../../../src/adapters/temporal/codec/encrypting-codec';
import { createFileKeys, readKeyFile } from '../../../src/adapters/temporal/codec/key-file';
import { createKmsKeys } from '../../../src/adapters/temporal/codec/kms-keys';
import type { KeyService } from '../../../src/adapters/temporal/codec/kms-keys';

const HOUR_MS = 3_600_000;
const key = (id: string): { id: string; key: string } => ({ id, key: randomBytes(32).toString('base64') });
const [older, newer] = [key('2026-11'), key('2026-12')];
const codecOf = (...keys: { id: string; key: string }[]) => createEncryptingCodec(createFileKeys({ keys }));
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);

async function through(codec: ReturnType<typeof codecOf>, value: unknown): Promise<unknown> {
  const [payload = {}] = await codec.decode(await codec.encode([payloadOf(value)]));
  return defaultPayloadConverter.fromPayload(payload);
}

describe('What Temporal stores, encrypted,', () => {
  it('comes back as it was, and shows nothing of itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(await through(codecOf(newer), value)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    const [payload = {}] = await codecOf(newer).encode([payloadOf({ instanceId: 'i-0123456789abcdef0' })]);
    expect(Buffer.from(payload.data ?? []).toString('latin1')).not.toContain('i-0123');
    expect(Object.fromEntries(Object.entries(payload.metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes ?? []).toString()]))).toEqual({ encoding: 'binary/encrypted', 'encryption-key-id': '2026-12' });
  });

  it('is not read where any of its bytes, or the name of its key, was changed', async () => {
    const codec = codecOf(newer, { ...newer, id: 'twin' });
    const [payload = {}] = await codec.encode([payloadOf('weights: 100')]);
    const data = Buffer.from(payload.data ?? []);
    await fc.assert(
      fc.asyncProperty(fc.nat(data.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(data);
        changed.writeUInt8(changed.readUInt8(at) ^ change, at);
        await expect(codec.decode([{ ...payload, data: changed }])).rejects.toThrow('was changed');
      }),
    );
    for (const most of [0, 5, 27]) await expect(codec.decode([{ ...payload, data: data.subarray(0, most) }])).rejects.toThrow('is not whole');
    await expect(codec.decode([{ ...payload, metadata: { ...payload.metadata, 'encryption-key-id': Buffer.from('twin') } }])).rejects.toThrow('was changed');
  });

  it('is read after its key was followed by a newer one, and not once it is taken away', async () => {
    const before = await codecOf(older).encode([payloadOf(1)]);
    expect(await codecOf(newer, older).decode(before)).toEqual([expect.objectContaining(payloadOf(1))]);
    await expect(codecOf(newer).decode(before)).rejects.toThrow('a payload was encrypted by the key "2026-11", which is not among FORESHIFT_PAYLOAD_KEYS: 2026-12');
  });

  it('stands beside what was stored before there were keys', async () => {
    expect(await codecOf(newer).decode([payloadOf('plain')])).toEqual([payloadOf('plain')]);
  });
});

describe('Keys under a key service', () => {
  /** Gives data keys as KMS does: the wrapped one can be opened by it alone. */
  class Service implements KeyService {
    readonly asked = { generate: 0, unwrap: 0 };
    private readonly given = new Map<string, Uint8Array>();
    down = false;
    async generate(keyId: string) {
      if (this.down) throw new Error('KMS is away');
      this.asked.generate += 1;
      const [data, wrapped] = [randomBytes(32), Buffer.concat([Buffer.from(keyId), randomBytes(16)])];
      this.given.set(wrapped.toString('hex'), data);
      return { key: data, wrapped };
    }
    async unwrap(keyId: string, wrapped: Uint8Array) {
      this.asked.unwrap += 1;
      const found = this.given.get(Buffer.from(wrapped).toString('hex'));
      if (found === undefined || !Buffer.from(wrapped).toString('latin1').startsWith(keyId)) throw new Error('InvalidCiphertextException');
      return found;
    }
  }
  const kmsCodec = (service: KeyService, keyId = 'alias/a', olderKeyIds: string[] = [], now = () => 0) => createEncryptingCodec(createKmsKeys(service, { keyId, olderKeyIds }, createFileKeys({ keys: [older] }), now));

  it('are asked for once for many payloads, on either side, and renewed every hour', async () => {
    const service = new Service();
    let now = 0;
    const writer = kmsCodec(service, 'alias/a', [], () => now);
    const payloads = await writer.encode(Array.from({ length: 50 }, (_, i) => payloadOf(i)));
    const reader = kmsCodec(service);
    expect(await reader.decode(payloads)).toHaveLength(50);
    expect(service.asked).toEqual({ generate: 1, unwrap: 1 });
    now = HOUR_MS + 1;
    const [later = {}] = await writer.encode([payloadOf('later')]);
    expect(await writer.decode([later])).toEqual([expect.objectContaining(payloadOf('later'))]);
    expect(service.asked).toEqual({ generate: 2, unwrap: 1 });
  });

  it('are asked for again after the service was away', async () => {
    const service = new Service();
    service.down = true;
    const codec = kmsCodec(service);
    await expect(codec.encode([payloadOf(1)])).rejects.toThrow('KMS is away');
    service.down = false;
    expect(await through(codec, 1)).toBe(1);
  });

  it('are opened by the keys that are named alone, an older one and a file’s among them', async () => {
    const service = new Service();
    const payloads = await kmsCodec(service).encode([payloadOf(1)]);
    await expect(kmsCodec(service, 'alias/b').decode(payloads)).rejects.toThrow(`KMS's key "alias/a", which is not among FORESHIFT_PAYLOAD_KEYS: alias/b`);
    expect(await kmsCodec(service, 'alias/b', ['alias/a']).decode(payloads)).toHaveLength(1);
    expect(await kmsCodec(service).decode(await codecOf(older).encode([payloadOf(2)]))).toHaveLength(1);
  });
});

describe('A file of payload keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const written = (text: string, mode = 0o600): string => {
    const file = join(folder, 'keys.json');
    writeFileSync(file, text);
    chmodSync(file, mode);
    return file;
  };

  it.each<[string, string, string]>([
    ['that is no JSON', 'key', 'expected JSON'],
    ['without a key', '{"keys":[]}', 'expected at least one key, or a key of KMS'],
    ['with a key that is too short', '{"keys":[{"id":"a","key":"c2VjcmV0"}]}', 'keys.0.key: expected 32 bytes as base64'],
    ['with one id twice', JSON.stringify({ keys: [older, { ...newer, id: older.id }] }), 'keys: expected every id once'],
    ['with a word that is not known', JSON.stringify({ keys: [older], cipher: 'rot13' }), 'cipher'],
  ])('%s is refused, and no key stands in the sentence', (_, text, says) => {
    const read = (): unknown => readKeyFile(written(text));
    expect(read).toThrow(says);
    expect(read).not.toThrow(newer.key);
    expect(read).not.toThrow('c2VjcmV0');
  });

  it('that others may read is refused', () => {
    expect(() => readKeyFile(written(JSON.stringify({ keys: [older] }), 0o644))).toThrow('expected mode 600');
  });
});
