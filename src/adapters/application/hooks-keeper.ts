import type { ComputePort } from '../../activities/compute-port';
import type { Sides, StateKeeperPort } from '../../activities/state-keeper-port';
import { businessFailure, isFailure } from '../../contracts/errors';
import { type HookFlowStep, type HookReturnStep, type HookSide, nextHookFlowStep, nextHookReturnStep } from '../../domain/transfer/hook-steps';
import type { HookLook } from '../../domain/transfer/hook-look';
import { type CallPace, untilDone } from '../until-done';
import type { CommandedHooks } from './commanded-hooks';

interface Pace extends CallPace {
  /** What a follower may lack when writes end: it must fit into the pause. */
  readonly maxLagBytes: number;
}

const DEFAULT_PACE: Pace = { callMs: 10_000, betweenLooksMs: 250, maxLagBytes: 1_048_576 };
/** Hooks are told whole seconds, and an attempt of an activity must outlast them. */
const takeOverWithin = (withinMs: number): number => Math.min(20_000, Math.max(1_000, withinMs));

/** The state of an application that replicates by itself, such as a database, handed over by hooks that it brings to both instances. */
export function createHooksKeeper(hooks: CommandedHooks, compute: Pick<ComputePort, 'describe'>, pace = DEFAULT_PACE): StateKeeperPort {
  const looks = ({ sourceId, shadowId }: Sides): Promise<[HookLook, HookLook]> => Promise.all([hooks.look(sourceId), hooks.look(shadowId)]);
  const addressOf = async (instanceId: string): Promise<string> => (await compute.describe(instanceId)).address;
  const flowStep = async (sides: Sides): Promise<{ readonly step: Exclude<HookFlowStep, { kind: 'impossible' }>; readonly source: HookLook }> => {
    const [source, shadow] = await looks(sides);
    const step = nextHookFlowStep(source, shadow, sides.owner, pace.maxLagBytes);
    if (step.kind === 'impossible') throw businessFailure('VerificationFailed', step.why);
    return { step, source };
  };
  const sideOf = async (instanceId: string): Promise<HookSide> => {
    try {
      return await hooks.look(instanceId);
    } catch (error) {
      if (!isFailure(error, 'Unavailable', 'NotReadyYet', 'NotFound')) throw error;
      const { state } = await compute.describe(instanceId).catch((why: unknown) => (isFailure(why, 'NotFound') ? { state: 'terminated' } : { state: 'running' }));
      return state === 'running' ? 'silent' : 'gone';
    }
  };

  /** The source goes on, once it is certain that the shadow never takes over. Returns where it has. */
  const giveUp = async ({ owner, sourceId, shadowId }: Sides, why: string): Promise<void> => {
    try {
      await hooks.leave(shadowId, owner);
    } catch (error) {
      if (isFailure(error, 'Conflict')) return;
      throw error;
    }
    await hooks.resume(sourceId, owner);
    throw businessFailure('VerificationFailed', `the pause was given up, and ${sourceId} goes on: ${why}`);
  };
  const takeOver = async (sides: Sides, position: string, withinMs: number): Promise<void> => {
    try {
      await hooks.takeOver(sides.shadowId, sides.owner, position, takeOverWithin(withinMs));
    } catch (error) {
      // What was lost on the way may have happened: looked at again before anything else is decided.
      if (!isFailure(error, 'Conflict', 'NotReadyYet')) throw error;
      await giveUp(sides, String((error as Error).message));
    }
  };
  const stepBack = async (step: HookReturnStep, { owner, sourceId, shadowId }: Sides, maxPauseMs: number): Promise<void> => {
    if (step.kind === 'leave') await hooks.leave(shadowId, owner);
    if (step.kind === 'closeSource') await hooks.close(sourceId, owner);
    if (step.kind === 'resumeSource') await hooks.resume(sourceId, owner);
    if (step.kind === 'follow') await hooks.standBy(sourceId, owner, await addressOf(shadowId));
    if (step.kind === 'releaseShadow') await hooks.release(shadowId, owner, await addressOf(sourceId));
    if (step.kind === 'takeOverBack') await hooks.takeOver(sourceId, owner, step.position, takeOverWithin(2 * maxPauseMs));
  };

  return {
    async begin(sides): Promise<void> {
      const { step } = await flowStep(sides);
      if (step.kind === 'standBy') await hooks.standBy(sides.shadowId, sides.owner, await addressOf(sides.sourceId));
    },
    async look(sides) {
      const { step, source } = await flowStep(sides);
      return { isFlowing: step.kind !== 'standBy', isReady: step.kind === 'release' || step.kind === 'takeOver' || step.kind === 'handedOver', why: step.why, lagBytes: source.lagBytes, predictedPauseMs: null };
    },
    handOver(sides, { maxPauseMs }) {
      let beganAtMs: number | null = null;
      let pauseMs: number | null = null;
      return untilDone(pace, 'not handed over yet', async () => {
        const { step, source } = await flowStep(sides);
        if (step.kind === 'handedOver') return { done: { pauseMs, predictedPauseMs: null, digest: source.position } };
        let position = step.kind === 'takeOver' ? step.position : null;
        if (step.kind === 'release') {
          beganAtMs ??= Date.now();
          ({ position } = await hooks.release(sides.sourceId, sides.owner, await addressOf(sides.shadowId)));
        }
        if (position !== null) {
          await takeOver(sides, position, 2 * maxPauseMs - (beganAtMs === null ? 0 : Date.now() - beganAtMs));
          // Where an earlier attempt began it, nobody knows how long it was.
          if (beganAtMs !== null) pauseMs = Date.now() - beganAtMs;
        }
        return { why: step.why };
      });
    },
    async beginBack({ owner, sourceId, shadowId }): Promise<void> {
      await hooks.standBy(sourceId, owner, await addressOf(shadowId));
    },
    takeBack: (sides, { maxPauseMs }) =>
      untilDone(pace, 'the state is not back at the source yet', async () => {
        const [source, shadow] = await Promise.all([sideOf(sides.sourceId), sideOf(sides.shadowId)]);
        const step = nextHookReturnStep(source, shadow, sides.owner, pace.maxLagBytes);
        if (step.kind === 'done') return { done: undefined };
        if (step.kind === 'impossible') throw businessFailure('VerificationFailed', step.why);
        // What a side refuses, or cannot do yet, has changed since it was looked at.
        await stepBack(step, sides, maxPauseMs).catch((error: unknown) => {
          if (!isFailure(error, 'Conflict', 'NotReadyYet')) throw error;
        });
        return { why: step.why };
      }),
    async end({ owner, sourceId }): Promise<void> {
      await hooks.leave(sourceId, owner);
    },
  };
}
