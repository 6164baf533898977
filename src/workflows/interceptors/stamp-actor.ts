import { defaultPayloadConverter } from '@temporalio/common';
import { patched, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Next, UpdateInput, WorkflowInboundCallsInterceptor, WorkflowInterceptors } from '@temporalio/workflow';
import { ACTOR_HEADER, MESSAGES_OF_PEOPLE } from '../../contracts/actor';
import type { ActorActivities, ActorClaim } from '../../contracts/actor';

const { verifyActor } = proxyLocalActivities<ActorActivities>({ startToCloseTimeout: '10s', scheduleToCloseTimeout: '1m', retry: { initialInterval: '200ms', maximumInterval: '5s' } });

type NextHandler = Next<WorkflowInboundCallsInterceptor, 'handleUpdate'>;

/** Before a workflow hears what people say, it is known who says it: the name comes from the credential, whatever the message calls itself. */
class StampActor implements WorkflowInboundCallsInterceptor {
  /** Not async: what passes through must come in the same turn as without it, or older histories do not replay. */
  handleUpdate(input: UpdateInput, next: NextHandler): Promise<unknown> {
    return Object.hasOwn(MESSAGES_OF_PEOPLE, input.name) && patched('actor-verified') ? this.stamp(input, next) : next(input);
  }

  private async stamp(input: UpdateInput, next: NextHandler): Promise<unknown> {
    const [args, ...rest] = input.args;
    const payload = input.headers[ACTOR_HEADER];
    const claim = payload === undefined ? null : defaultPayloadConverter.fromPayload<ActorClaim>(payload);
    const by = await verifyActor({ workflowId: workflowInfo().workflowId, message: input.name, args: args ?? null, claim });
    return next(by === null ? input : { ...input, args: [{ ...(args as object | undefined), by }, ...rest] });
  }
}

/** Loaded by the worker's bundle. */
export const interceptors = (): WorkflowInterceptors => ({ inbound: [new StampActor()] });
