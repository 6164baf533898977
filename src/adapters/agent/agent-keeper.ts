import type { ComputePort } from '../../activities/compute-port';
import type { Sides, StateKeeperPort } from '../../activities/state-keeper-port';
import { businessFailure, retryableFailure } from '../../contracts/errors';
import type { HandedOver, SyncLook } from '../../contracts/migration-activities';
import { nextFlowStep, nextReturnStep, type ReturnStep } from '../../domain/transfer/hand-over-steps';
import type { SideLook } from '../../domain/transfer/side-look';
import type { CommandedAgents } from './commanded-agents';

interface Limits {
  readonly maxPauseMs: number;
}

/** The state of a folder or device, replicated by the agents that run beside the service on both instances. */
export function createAgentKeeper(agents: CommandedAgents, compute: Pick<ComputePort, 'describe'>): StateKeeperPort {
  const looks = ({ sourceId, shadowId }: Sides): Promise<[SideLook, SideLook]> => Promise.all([agents.look(sourceId), agents.look(shadowId)]);
  /** Where a side is reached, and where requests for its service go. */
  const placeOf = async ({ instanceId, port, fingerprint, door }: SideLook) => {
    const { address } = await compute.describe(instanceId);
    return { host: address, port, fingerprint, service: door === null ? null : { host: address, port: door.port } };
  };
  const replicate = async (from: SideLook, to: SideLook, owner: string, { maxPauseMs }: Limits): Promise<void> => {
    const { host, port, fingerprint, service } = await placeOf(to);
    await agents.replicate(from.instanceId, { owner, host, port, peerFingerprint: fingerprint, maxPauseMs, ...(service === null ? {} : { service }) });
  };

  const stepBack = async (kind: ReturnStep['kind'], { sourceId, shadowId, owner }: Sides): Promise<void> => {
    if (kind === 'leave') await agents.leave(shadowId, owner);
    if (kind === 'stopSource') await agents.stop(sourceId);
    if (kind === 'cutOverBack') await agents.cutOver(shadowId);
  };

  return {
    async sync(sides, limits): Promise<SyncLook> {
      const [source, shadow] = await looks(sides);
      const step = nextFlowStep(source, shadow, sides.owner);
      if (step.kind === 'impossible') throw businessFailure('VerificationFailed', step.why);
      if (step.kind === 'standBy') {
        const { fingerprint, service } = await placeOf(source);
        await agents.standBy(shadow.instanceId, { owner: sides.owner, peerFingerprint: fingerprint, ...(service === null ? {} : { service }) });
      }
      if (step.kind === 'replicate') await replicate(source, shadow, sides.owner, limits);
      return lookOf(source, step.kind === 'ready' || step.kind === 'handedOver', step.why);
    },
    async handOver(sides): Promise<HandedOver> {
      const [source, shadow] = await looks(sides);
      const step = nextFlowStep(source, shadow, sides.owner);
      if (step.kind === 'impossible') throw businessFailure('VerificationFailed', step.why);
      if (step.kind === 'handedOver') return { pauseMs: source.pauseMs, predictedPauseMs: source.pausePredictedMs, digest: source.root };
      // A pause that was given up three times ends the replication: it is not begun once more behind the move's back.
      if (step.kind === 'replicate' || step.kind === 'standBy') throw businessFailure('VerificationFailed', `the state was not handed over: ${source.why}`);
      if (step.kind === 'ready' || source.phase === 'unsure') await agents.cutOver(source.instanceId);
      throw retryableFailure('NotReadyYet', `not handed over yet: ${step.why}`);
    },
    async syncBack(sides, limits): Promise<SyncLook> {
      const [source, shadow] = await looks(sides);
      const step = nextReturnStep(source, shadow, sides.owner);
      if (step.kind === 'replicateBack') await replicate(shadow, source, sides.owner, limits);
      return lookOf(shadow, shadow.phase === 'ready', step.why);
    },
    async takeBack(sides, limits): Promise<void> {
      const [source, shadow] = await Promise.all([agents.look(sides.sourceId), agents.look(sides.shadowId)].map((look) => look.catch(nullIfSilent)));
      const step = nextReturnStep(source ?? null, shadow ?? null, sides.owner);
      if (step.kind === 'done') return;
      if (step.kind === 'impossible') throw businessFailure('VerificationFailed', step.why);
      await stepBack(step.kind, sides).catch(lookAgainIfRefused);
      if (step.kind === 'replicateBack' && source && shadow) await replicate(shadow, source, sides.owner, limits).catch(lookAgainIfRefused);
      throw retryableFailure('NotReadyYet', `the state is not back at the source yet: ${step.why}`);
    },
    async end({ shadowId }): Promise<void> {
      await agents.stop(shadowId);
    },
  };
}

function lookOf({ lagBytes, predictedPauseMs }: SideLook, isReady: boolean, why: string): SyncLook {
  return { isReady, why, lagBytes, predictedPauseMs };
}

/** For the way back: a side that cannot be asked is not the same as a side that refuses. */
function nullIfSilent(error: unknown): null {
  const type = (error as { readonly type?: string }).type;
  if (type === 'Unavailable' || type === 'NotReadyYet' || type === 'NotFound') return null;
  throw error;
}

/** What a side refuses has changed since it was looked at: a shadow that took over cannot leave any more. */
function lookAgainIfRefused(error: unknown): void {
  if ((error as { readonly type?: string }).type !== 'Conflict') throw error;
}
