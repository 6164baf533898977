import { ROLES } from '../../../domain/roles';
import type { Role } from '../../../domain/roles';
import type { OidcConfig } from './oidc-config';

/** Somebody who is let in. */
export interface Person {
  readonly name: string;
  readonly role: Role;
}

const LONGEST_NAME = 100;

/**
 * Who a provider's claims stand for: the highest role that one of the claim's values maps to. A sentence for the console's log where they are nobody:
 * no role means no entry, and a name that the provider does not vouch for is none.
 */
export function personOfClaims(claims: Readonly<Record<string, unknown>>, { nameClaim, roleClaim, roles }: Pick<OidcConfig, 'nameClaim' | 'roleClaim' | 'roles'>): Person | string {
  const name = claims[nameClaim];
  if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME) return `the claim ${nameClaim} has no name of at most ${LONGEST_NAME} letters`;
  if (nameClaim === 'email' && claims['email_verified'] === false) return `the provider has not verified the e-mail address ${name}`;
  const value = claims[roleClaim];
  const values = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
  const held = values.flatMap((one) => (Object.hasOwn(roles, one) ? [roles[one] as Role] : []));
  const role = ROLES.findLast((one) => held.includes(one));
  return role === undefined ? `none of the values of the claim ${roleClaim} of ${name} has a role: ${values.join(', ') || 'it has none'}` : { name, role };
}
