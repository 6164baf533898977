import { businessFailure, retryableFailure } from '../../contracts/errors';
import { INSTANCE_HEADER } from '../../transfer/agent/control-server';
import type { StandByRequest } from '../../transfer/agent/receiving-side';
import type { ReplicationRequest, TransferStatus } from '../../transfer/agent/transfer-status';

/** Commands one agent; every call is safe to repeat. */
export interface TransferAgent {
  status(): Promise<TransferStatus>;
  /** Begins to replicate to a peer. */
  replicate(request: ReplicationRequest): Promise<TransferStatus>;
  /** Cuts over as soon as the predicted pause allows it. */
  cutOver(): Promise<TransferStatus>;
  stop(): Promise<TransferStatus>;
  /** Makes this side the one that is written to; its service stands still. */
  standBy(request: StandByRequest): Promise<TransferStatus>;
  /** Makes sure that this side never takes the move's state over. */
  leave(owner: string): Promise<TransferStatus>;
}

export interface TransferAgentConfig {
  /** The agent's control endpoint, as `http://127.0.0.1:8713`. */
  readonly url: string;
  /** From `control-token` in the agent's state folder. */
  readonly token: string;
  /** The machine that the agent must be of; any where it is not given. */
  readonly instanceId?: string;
}

const ANSWER_WITHIN_MS = 10_000;

/** A client to an agent's control endpoint. Throws `NotReadyYet` where another machine's agent answers, `Unauthorized`, `InvalidInput`, `Conflict` where the agent refuses, `Unavailable` where it does not answer. */
export function createTransferAgent({ url, token, instanceId }: TransferAgentConfig): TransferAgent {
  const ask = async (method: 'GET' | 'POST', path: string, body?: object): Promise<TransferStatus> => {
    const answer = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${token}`, ...(instanceId === undefined ? {} : { [INSTANCE_HEADER]: instanceId }) }, signal: AbortSignal.timeout(ANSWER_WITHIN_MS), ...(body === undefined ? {} : { body: JSON.stringify(body) }) }).catch((error: unknown) => {
      throw retryableFailure('Unavailable', `the agent at ${url} does not answer: ${(error as Error).message}`);
    });
    const told = (await answer.json()) as TransferStatus & { readonly error?: string };
    if (answer.ok) return told;
    if (answer.status === 421) throw retryableFailure('NotReadyYet', told.error ?? 'another agent answers');
    const type = answer.status === 401 ? 'Unauthorized' : answer.status === 400 ? 'InvalidInput' : 'Conflict';
    throw businessFailure(type, `the agent refused ${path}: ${told.error ?? answer.status}`);
  };
  return {
    status: () => ask('GET', '/status'),
    replicate: (request) => ask('POST', '/replicate', request),
    cutOver: () => ask('POST', '/cutover'),
    stop: () => ask('POST', '/stop'),
    standBy: (request) => ask('POST', '/stand-by', request),
    leave: (owner) => ask('POST', '/leave', { owner }),
  };
}
