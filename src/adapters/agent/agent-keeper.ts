import type { ComputePort } from '../../activities/compute-port';
import type { Sides, StateKeeperPort } from '../../activities/state-keeper-port';
import { businessFailure, isFailure, retryableFailure } from '../../contracts/errors';
import type { SyncLook } from '../../contracts/migration-activities';
import { type FlowStep, nextFlowStep, nextReturnStep, type ReturnStep } from '../../domain/transfer/hand-over-steps';
import type { SideLook } from '../../domain/transfer/side-look';
import { type CallPace, untilDone } from '../until-done';
import type { CommandedAgents } from './commanded-agents';

const DEFAULT_PACE: CallPace = { callMs: 15_000, betweenLooksMs: 250 };

interface Limits {
  readonly maxPauseMs: number;
}

/** The state of a folder or device, replicated by the agents that run beside the service on both instances. */
export function createAgentKeeper(agents: CommandedAgents, compute: Pick<ComputePort, 'describe'>, pace = DEFAULT_PACE): StateKeeperPort {
  const looks = ({ sourceId, shadowId }: Sides): Promise<[SideLook, SideLook]> => Promise.all([agents.look(sourceId), agents.look(shadowId)]);
  /** Where a side is reached, and where requests for its service go. */
  const placeOf = async ({ instanceId, port, fingerprint, hasDoor, door }: SideLook) => {
    if (hasDoor && door === null) throw retryableFailure('NotReadyYet', `the door of ${instanceId} does not answer`);
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
    async begin(sides, limits): Promise<void> {
      const [source, shadow] = await looks(sides);
      const step = stepOf(source, shadow, sides.owner);
      if (step.kind === 'wait' || step.kind === 'ready' || step.kind === 'handedOver') return;
      if (step.kind === 'standBy') {
        const { fingerprint, service } = await placeOf(source);
        await agents.standBy(shadow.instanceId, { owner: sides.owner, peerFingerprint: fingerprint, ...(service === null ? {} : { service }) });
      }
      await replicate(source, shadow, sides.owner, limits);
    },
    async look(sides): Promise<SyncLook> {
      const [source, shadow] = await looks(sides);
      const { kind, why } = stepOf(source, shadow, sides.owner);
      const { lagBytes, predictedPauseMs } = source;
      return { isFlowing: kind !== 'standBy' && kind !== 'replicate', isReady: kind === 'ready' || kind === 'handedOver', why, lagBytes, predictedPauseMs };
    },
    handOver: (sides) =>
      untilDone(pace, 'not handed over yet', async () => {
        const [source, shadow] = await looks(sides);
        const step = stepOf(source, shadow, sides.owner);
        if (step.kind === 'handedOver') return { done: { pauseMs: source.pauseMs, predictedPauseMs: source.pausePredictedMs, digest: source.root } };
        // A pause that was given up three times ends the replication: it is not begun once more behind the move's back.
        if (step.kind === 'replicate' || step.kind === 'standBy') throw businessFailure('VerificationFailed', `the state was not handed over: ${source.why}`);
        if (step.kind === 'ready' || source.phase === 'unsure') await agents.cutOver(source.instanceId);
        return { why: step.why };
      }),
    async beginBack(sides, limits): Promise<void> {
      const [source, shadow] = await looks(sides);
      const step = nextReturnStep(source, shadow, sides.owner);
      if (step.kind === 'replicateBack') await replicate(shadow, source, sides.owner, limits);
    },
    takeBack: (sides, limits) =>
      untilDone(pace, 'the state is not back at the source yet', async () => {
        const [source = null, shadow = null] = await Promise.all([sides.sourceId, sides.shadowId].map((id) => agents.look(id).catch(nullIfSilent)));
        const step = nextReturnStep(source, shadow, sides.owner);
        if (step.kind === 'done') return { done: undefined };
        if (step.kind === 'impossible') throw businessFailure('VerificationFailed', step.why);
        await stepBack(step.kind, sides).catch(lookAgainIfRefused);
        if (step.kind === 'replicateBack' && source !== null && shadow !== null) await replicate(shadow, source, sides.owner, limits).catch(lookAgainIfRefused);
        return { why: step.why };
      }),
    async end({ shadowId }): Promise<void> {
      await agents.stop(shadowId);
    },
  };
}

function stepOf(source: SideLook, shadow: SideLook, owner: string): Exclude<FlowStep, { kind: 'impossible' }> {
  const step = nextFlowStep(source, shadow, owner);
  if (step.kind === 'impossible') throw businessFailure('VerificationFailed', step.why);
  return step;
}

/** For the way back: a side that cannot be asked is not the same as a side that refuses. */
function nullIfSilent(error: unknown): null {
  if (isFailure(error, 'Unavailable', 'NotReadyYet', 'NotFound')) return null;
  throw error;
}

/** What a side refuses has changed since it was looked at: a shadow that took over cannot leave any more. */
function lookAgainIfRefused(error: unknown): void {
  if (!isFailure(error, 'Conflict')) throw error;
}
