import type { SideLook } from './side-look';

/** What is to be done next so that the state flows from one side to the other; `impossible` ends the move. */
export type FlowStep =
  | { readonly kind: 'standBy' | 'replicate' | 'wait' | 'ready' | 'handedOver'; readonly why: string }
  | { readonly kind: 'impossible'; readonly why: string };

/** What is to be done next so that the state is the source's again, whatever happened before. */
export type ReturnStep = { readonly kind: 'leave' | 'stopSource' | 'replicateBack' | 'cutOverBack' | 'wait' | 'done' | 'impossible'; readonly why: string };

/**
 * The next step of a move's state from one side to the other. Decided anew from what both sides tell, so that it may be asked
 * after any loss: of a reply, an agent, a worker.
 */
export function nextFlowStep(from: SideLook, to: SideLook, owner: string): FlowStep {
  if (to.role === 'live' && to.owner === owner) {
    if (from.role === 'standby') return { kind: 'handedOver', why: `${to.instanceId} has the state` };
    // The two were not looked at in the same moment.
    return { kind: 'wait', why: `${from.instanceId} did not know yet that ${to.instanceId} took over` };
  }
  if (to.role === 'live') return { kind: 'impossible', why: `${to.instanceId} is live: nothing is written over its state` };
  if (to.role === 'left' && to.owner === owner) return { kind: 'impossible', why: `${to.instanceId} has left the move` };
  if (to.role !== 'standby' || to.owner !== owner) return { kind: 'standBy', why: `${to.instanceId} does not stand by yet` };
  if (from.role === 'standby') return { kind: 'impossible', why: `both ${from.instanceId} and ${to.instanceId} stand by` };
  if (from.isHandingOver) return { kind: 'wait', why: from.why };
  if (from.owner !== owner || from.phase === 'idle' || from.phase === 'failed') return { kind: 'replicate', why: from.phase === 'failed' ? from.why : 'nothing is replicated yet' };
  if (from.phase === 'stopped') return { kind: 'impossible', why: from.why };
  return { kind: from.phase === 'ready' ? 'ready' : 'wait', why: from.why };
}

/**
 * The next step back to where the source alone has the state and the shadow never takes it. A side that does not answer is null. Nothing is
 * resumed or stopped on a guess: while it is not known which side is live, it waits.
 */
export function nextReturnStep(source: SideLook | null, shadow: SideLook | null, owner: string): ReturnStep {
  if (shadow === null) return withoutShadow(source);
  if (shadow.role === 'live' && shadow.owner === owner) return fromLiveShadow(source, shadow);
  if (shadow.role === 'live') return { kind: 'impossible', why: `${shadow.instanceId} is live in another move` };
  // A shadow that cannot take over any more makes every other question harmless.
  if (shadow.role !== 'left') return { kind: 'leave', why: `${shadow.instanceId} still could take over` };
  if (source === null) return { kind: 'done', why: 'the shadow has left; the source, which does not answer, has the state' };
  if (source.role === 'standby') return { kind: 'impossible', why: `${source.instanceId} has handed its state over, and ${shadow.instanceId} has left without it` };
  return withSourceLive(source);
}

function withoutShadow(source: SideLook | null): ReturnStep {
  if (source === null) return { kind: 'wait', why: 'no agent answers' };
  if (source.role === 'standby') return { kind: 'wait', why: 'the shadow has the state and does not answer' };
  if (source.isHandingOver) return { kind: 'wait', why: 'it is not known whether the shadow took over' };
  return withSourceLive(source);
}

function withSourceLive(source: SideLook): ReturnStep {
  if (source.isHandingOver) return { kind: 'wait', why: 'the source does not know yet that the shadow did not take over' };
  const isRunning = source.phase === 'copying' || source.phase === 'ready' || source.phase === 'quiesced';
  return isRunning ? { kind: 'stopSource', why: 'the source still replicates' } : { kind: 'done', why: 'the source has the state' };
}

function fromLiveShadow(source: SideLook | null, shadow: SideLook): ReturnStep {
  if (source === null) return { kind: 'wait', why: 'the source does not answer: its state cannot be brought back' };
  // The two were not looked at in the same moment. Should both stay so, nothing may be decided here.
  if (source.role === 'live') return { kind: 'wait', why: `both ${source.instanceId} and ${shadow.instanceId} say that they are live` };
  if (shadow.phase === 'ready' || shadow.phase === 'unsure') return { kind: 'cutOverBack', why: shadow.why };
  const isRunning = shadow.phase === 'copying' || shadow.phase === 'quiesced';
  return isRunning ? { kind: 'wait', why: shadow.why } : { kind: 'replicateBack', why: 'nothing is replicated back yet' };
}
