import type { Role } from '../domain/roles';

/** The header of a message that tells who sends it. */
export const ACTOR_HEADER = 'foreshift-actor';

/** Messages by which people decide and act, with the least role that may. All others are what parts of Foreshift say to each other. */
export const MESSAGES_OF_PEOPLE: Readonly<Record<string, Role>> = {
  approve: 'approver',
  decline: 'approver',
  abort: 'operator',
  setRampRate: 'operator',
  cancel: 'operator',
  reprioritize: 'operator',
  pause: 'operator',
  resume: 'operator',
  freeze: 'operator',
  unfreeze: 'operator',
  configure: 'operator',
  stop: 'operator',
  lift: 'operator',
  release: 'operator',
};

/** Who says something: whose name it is, signed by a key that may speak in that name. */
export interface ActorClaim {
  /** Null: in the name, and by the role, of the key itself. */
  readonly actor: string | null;
  readonly role: Role | null;
  /** Of the key that signed. */
  readonly keyId: string;
  readonly atMs: number;
  /** Ed25519 over `textOfClaim`, as base64. */
  readonly signature: string;
}

export interface ActorMessage {
  readonly workflowId: string;
  readonly message: string;
  readonly args: unknown;
  readonly claim: ActorClaim | null;
}

export interface ActorActivities {
  /** Whose message it is; null where the worker asks nobody who they are. Fails with `Unauthorized` where it does and this is nobody who may. */
  verifyActor(message: ActorMessage): Promise<string | null>;
}
