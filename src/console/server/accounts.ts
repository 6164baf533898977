import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { readJsonFile } from '../../adapters/read-json-file';
import { ROLES } from '../../domain/roles';
import type { Role } from '../../domain/roles';

export interface Account {
  readonly name: string;
  readonly role: Role;
  /** SHA-256 in hex: the file holds nothing that one could log in with. */
  readonly tokenSha256: string;
}

const usersFileSchema = z
  .array(z.object({ name: z.string().min(1).max(100), role: z.enum(ROLES), tokenSha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected SHA-256 in hex') }).strict())
  .min(1)
  .refine((users) => new Set(users.map(({ name }) => name)).size === users.length, 'expected each name once');

/** Reads a users file. @throws Error naming the field that is wrong and what was expected */
export async function readUsersFile(file: string): Promise<Account[]> {
  return readJsonFile(file, usersFileSchema, { expected: 'a JSON list of {name, role, tokenSha256}', whole: 'the list' });
}

/** An account whose token is made now and kept nowhere. */
export function ownAccount(name: string): { readonly account: Account; readonly token: string } {
  const token = randomBytes(32).toString('base64url');
  return { account: { name, role: 'admin', tokenSha256: digestOf(token).toString('hex') }, token };
}

/** The account that the token is of, or null; compared in constant time. */
export function accountOf(accounts: readonly Account[], token: string): Account | null {
  const digest = digestOf(token);
  return accounts.find(({ tokenSha256 }) => timingSafeEqual(Buffer.from(tokenSha256, 'hex'), digest)) ?? null;
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
