import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** Signs with Ed25519 (RFC 8032). */
export interface Signer {
  /** First 16 digits of the SHA-256 of the public key. */
  readonly keyId: string;
  sign(text: string): string;
}

/** Tells whether a signature was made by the key that it belongs to. */
export interface SignatureCheck {
  readonly keyId: string;
  isGood(text: string, signature: string): boolean;
}

/** Writes a new private key, readable by its owner alone, and its public half beside it (`.pub`). Throws where one of the files is there. */
export function writeSigningKey(file: string): { readonly keyId: string; readonly publicFile: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const publicFile = `${file}.pub`;
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  writeFileSync(publicFile, publicKey.export({ type: 'spki', format: 'pem' }), { flag: 'wx' });
  return { keyId: keyIdOf(publicKey), publicFile };
}

/** A public key in PEM as SPKI in base64, on one line. Throws naming the file. */
export function publicKeyOf(file: string): string {
  return readKey(file, createPublicKey, 'a public key').export({ type: 'spki', format: 'der' }).toString('base64');
}

/** Reads a private key in PEM. Throws naming the file. */
export function readSigner(file: string): Signer {
  const key = readKey(file, createPrivateKey, 'a private key');
  return { keyId: keyIdOf(createPublicKey(key)), sign: (text) => sign(null, Buffer.from(text), key).toString('base64') };
}

/** Reads a public key in PEM, or a private one's public half. Throws naming the file. */
export function readSignatureCheck(file: string): SignatureCheck {
  return signatureCheckOf(readKey(file, createPublicKey, 'a public key'));
}

/** Checks by an Ed25519 public key. Throws where it is another kind of key. */
export function signatureCheckOf(key: KeyObject): SignatureCheck {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`a key of type ${key.asymmetricKeyType}; expected Ed25519`);
  return { keyId: keyIdOf(key), isGood: (text, signature) => verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64')) };
}

function readKey(file: string, parse: (pem: string) => KeyObject, what: string): KeyObject {
  let key: KeyObject;
  try {
    key = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read as ${what} in PEM: ${(error as Error).message}`, { cause: error });
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${file} is a key of type ${key.asymmetricKeyType}; expected Ed25519, such as "foreshift audit key" makes`);
  return key;
}

function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex').slice(0, 16);
}
