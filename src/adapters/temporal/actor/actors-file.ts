import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { KnownActor } from '../../../domain/actor-claim';
import { ROLES } from '../../../domain/roles';
import { signatureCheckOf } from '../../signing-key';
import type { SignatureCheck } from '../../signing-key';

export interface KnownKey extends KnownActor {
  readonly check: SignatureCheck;
}

const FILE = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(100),
      role: z.enum(ROLES),
      publicKey: z.string().regex(/^[A-Za-z0-9+/=]+$/, 'expected SPKI in base64, as "foreshift actor key" prints it'),
      speaksForOthers: z.boolean().default(false),
    }),
  )
  .min(1, 'expected at least one actor')
  .refine((actors) => new Set(actors.map(({ name }) => name)).size === actors.length, 'expected each name once');

/** Who may say something to workflows, by the id of their key. @throws Error naming the file, the field and what was expected */
export function readActorsFile(file: string): ReadonlyMap<string, KnownKey> {
  let said: unknown;
  try {
    said = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: expected a JSON list of {name, role, publicKey}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const { data, error } = FILE.safeParse(said);
  if (data === undefined) throw new Error(`${file}: ${error.issues.map(({ path, message }) => `${path.join('.') || 'the list'}: ${message}`).join('; ')}`);
  return new Map(
    data.map(({ publicKey, ...actor }) => {
      const check = checkOf(file, actor.name, publicKey);
      return [check.keyId, { ...actor, check }];
    }),
  );
}

function checkOf(file: string, name: string, publicKey: string): SignatureCheck {
  try {
    return signatureCheckOf(createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' }));
  } catch (error) {
    throw new Error(`${file}: the publicKey of ${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
