import { defaultPayloadConverter } from '@temporalio/common';
import type { Headers } from '@temporalio/common';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { ACTOR_HEADER, MESSAGES_OF_PEOPLE } from '../../../contracts/actor';
import type { ActorClaim } from '../../../contracts/actor';
import { textOfClaim } from '../../../domain/actor-claim';
import type { Claimed } from '../../../domain/actor-claim';
import type { Signer } from '../../signing-key';

/** In whose name messages are signed, and by which role. */
export type Speaker = Pick<Claimed, 'actor' | 'role'>;

/** Whoever holds the key. */
const ITSELF: Speaker = { actor: null, role: null };

/** Signs what people say to workflows, so that the worker knows who they are. @param speaker asked for each message: a face speaks for whoever is logged in */
export function signingInterceptor(signer: Signer, now: () => number, speaker: () => Speaker = () => ITSELF): WorkflowClientInterceptor {
  const headersOf = (workflowId: string, message: string, args: unknown, headers: Headers): Headers => {
    if (!Object.hasOwn(MESSAGES_OF_PEOPLE, message)) return headers;
    const claimed = { ...speaker(), atMs: now() };
    const claim: ActorClaim = { ...claimed, keyId: signer.keyId, signature: signer.sign(textOfClaim(claimed, { workflowId, message, args })) };
    return { ...headers, [ACTOR_HEADER]: defaultPayloadConverter.toPayload(claim) };
  };
  return {
    startUpdate: (input, next) => next({ ...input, headers: headersOf(input.workflowExecution.workflowId ?? '', input.updateName, input.args[0], input.headers) }),
    startUpdateWithStart: (input, next) => next({ ...input, updateHeaders: headersOf(input.workflowStartOptions.workflowId, input.updateName, input.updateArgs[0], input.updateHeaders) }),
  };
}
