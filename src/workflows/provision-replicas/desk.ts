import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope, condition, defineQuery, defineUpdate, setHandler } from '@temporalio/workflow';
import { PROVISION_MESSAGES } from '../../contracts/provision-replicas';
import type { ProvisionAcceptance, ProvisionReplicasInput, ProvisionReplicasResult, ProvisionStatus, ReleaseArgs } from '../../contracts/provision-replicas';
import { checkPlainCommand } from '../../domain/queue/queue-input';
import { refuseInput } from '../refuse-input';
import { differingFields } from '../../domain/capacity/differing-fields';

const acceptUpdate = defineUpdate<ProvisionAcceptance, [ProvisionReplicasInput | undefined]>(PROVISION_MESSAGES.accept);
const settleUpdate = defineUpdate<ProvisionReplicasResult, []>(PROVISION_MESSAGES.settle);
const releaseUpdate = defineUpdate<string, [ReleaseArgs | undefined]>(PROVISION_MESSAGES.release);
const statusQuery = defineQuery<ProvisionStatus>(PROVISION_MESSAGES.status);

/** What clients ask of a running request, and what they are told. */
export class Desk {
  acceptance: ProvisionAcceptance | null = null;
  settled: ProvisionReplicasResult | null = null;
  releasing: ReleaseArgs | null = null;
  private readonly scope = new CancellationScope();

  constructor(input: ProvisionReplicasInput, status: () => ProvisionStatus) {
    setHandler(statusQuery, status, { description: 'Phase, early answer, replicas, replacements, what a rollback would undo' });
    setHandler(
      acceptUpdate,
      async () => {
        await condition(() => this.acceptance !== null);
        return this.acceptance as ProvisionAcceptance;
      },
      { validator: (asked: ProvisionReplicasInput | undefined) => refuseAnother(input, asked), description: 'The early answer: accepted with shape, count and expected time, or why not. Takes the request itself, or nothing' },
    );
    setHandler(
      settleUpdate,
      async () => {
        await condition(() => this.settled !== null);
        return this.settled as ProvisionReplicasResult;
      },
      { description: 'The final answer, while the replicas are kept' },
    );
    setHandler(releaseUpdate, (args) => this.release(args ?? {}), { validator: (args) => refuseInput(checkPlainCommand(args, 'release')), description: 'Gives everything back: {"reason": "...", "by": "..."}' });
  }

  /** Runs the way forward in a scope that `release` cancels. */
  forward<T>(work: () => Promise<T>): Promise<T> {
    return this.scope.run(work);
  }

  private release(args: ReleaseArgs): string {
    this.releasing ??= args;
    this.scope.cancel();
    return 'everything is being given back';
  }
}

function refuseAnother(input: ProvisionReplicasInput, asked: ProvisionReplicasInput | undefined): void {
  if (asked !== undefined && (typeof asked !== 'object' || asked === null || Array.isArray(asked))) refuseInput(['accept takes the request itself, as one JSON object, or nothing']);
  const differing = asked === undefined ? [] : differingFields(input, asked);
  if (differing.length === 0) return;
  const message = `requestId "${input.requestId}" stands for another request: ${differing.join(', ')} differ(s); a request id stands for one request`;
  throw ApplicationFailure.create({ type: 'Conflict', message, nonRetryable: true });
}
