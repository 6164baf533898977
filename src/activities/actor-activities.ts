import { MESSAGES_OF_PEOPLE } from '../contracts/actor';
import type { ActorActivities } from '../contracts/actor';
import { businessFailure } from '../contracts/errors';
import { claimProblem, textOfClaim } from '../domain/actor-claim';
import type { KnownActor } from '../domain/actor-claim';

/** Who may say something to workflows, by the ids of their keys. */
export interface ActorDirectory {
  get(keyId: string): (KnownActor & { readonly check: { isGood(text: string, signature: string): boolean } }) | undefined;
}

/** @param actors null where nobody is asked who they are: a message is then from whom it says */
export function createActorActivities(actors: ActorDirectory | null, now: () => number): ActorActivities {
  return {
    async verifyActor(said) {
      if (actors === null) return null;
      const { claim, message } = said;
      const refuse = (why: string): Error => businessFailure('Unauthorized', `${message}: ${why}`);
      if (claim === null) throw refuse('nobody signed it; set FORESHIFT_ACTOR_KEY to a key that the workers know ("foreshift actor key" makes one)');
      const known = actors.get(claim.keyId);
      if (known === undefined) throw refuse(`the workers know no key ${claim.keyId}`);
      if (!known.check.isGood(textOfClaim(claim, said), claim.signature)) throw refuse(`it is not what ${known.name} signed`);
      const problem = claimProblem(claim, known, MESSAGES_OF_PEOPLE[message] ?? 'admin', now());
      if (problem !== null) throw refuse(problem);
      return claim.actor ?? known.name;
    },
  };
}
