import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import type { KnownActor } from '../../../domain/actor-claim';
import { ROLES } from '../../../domain/roles';
import { readJsonFile } from '../../read-json-file';
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
  const listed = readJsonFile(file, FILE, { expected: 'a JSON list of {name, role, publicKey}', whole: 'the list' });
  return new Map(
    listed.map(({ publicKey, ...actor }) => {
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
