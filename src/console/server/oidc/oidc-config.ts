import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { readJsonFile } from '../../../adapters/read-json-file';
import { ROLES } from '../../../domain/roles';
import type { Role } from '../../../domain/roles';

/** An identity provider, and which of its claims says who somebody is and what they may do. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** Null for a public client: the proof key alone protects the code. */
  readonly clientSecret: string | null;
  readonly label: string;
  readonly scopes: string;
  readonly nameClaim: string;
  readonly roleClaim: string;
  readonly roles: Readonly<Record<string, Role>>;
}

const text = z.string().min(1).max(500);

const oidcFileSchema = z
  .object({
    issuer: z.string().refine(isSafe, 'expected an https address, or http of this machine'),
    clientId: text,
    clientSecretFile: text.optional(),
    label: text.default('Log in with single sign-on'),
    scopes: text.default('openid email').refine((scopes) => scopes.split(' ').includes('openid'), 'expected "openid" among them'),
    nameClaim: text.default('email'),
    roleClaim: text.default('groups'),
    roles: z.record(text, z.enum(ROLES)).refine((roles) => Object.keys(roles).length > 0, 'expected at least one value of the claim, with its role'),
  })
  .strict();

/** Reads the file of `--oidc`. @throws Error naming the field that is wrong and what was expected */
export async function readOidcFile(file: string): Promise<OidcConfig> {
  const { clientSecretFile, ...config } = readJsonFile(file, oidcFileSchema, { expected: 'JSON such as {"issuer", "clientId", "roleClaim", "roles"}', whole: 'the file' });
  return { ...config, clientSecret: clientSecretFile === undefined ? null : await readSecret(resolve(dirname(file), clientSecretFile)) };
}

async function readSecret(file: string): Promise<string> {
  const secret = (await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`clientSecretFile: ${file} cannot be read: ${(error as Error).message}`);
  })).trim();
  if (secret === '') throw new Error(`clientSecretFile: ${file}: expected the client's secret, found nothing`);
  return secret;
}

/** What is told to the provider is secret: in the clear it goes nowhere but to this machine. */
function isSafe(issuer: string): boolean {
  if (!URL.canParse(issuer)) return false;
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
}
