import type { HookLook } from './hook-look';

/** What is to be done next so that the shadow's application is the one that is written; `impossible` ends the move. */
export type HookFlowStep =
  | { readonly kind: 'standBy' | 'wait' | 'release' | 'handedOver' | 'impossible'; readonly why: string }
  | { readonly kind: 'takeOver'; readonly position: string; readonly why: string };

/** What is to be done next so that the source's application is the one that is written, whatever happened before. */
export type HookReturnStep =
  | { readonly kind: 'leave' | 'closeSource' | 'resumeSource' | 'follow' | 'releaseShadow' | 'wait' | 'done' | 'impossible'; readonly why: string }
  | { readonly kind: 'takeOverBack'; readonly position: string; readonly why: string };

/** A side that does not answer may still run; one whose instance does not run has no say. */
export type HookSide = HookLook | 'silent' | 'gone';

/** The next step from the source to the shadow, decided anew from what both tell: it may be asked after any loss. `release` where it may go over. */
export function nextHookFlowStep(source: HookLook, shadow: HookLook, owner: string, maxLagBytes: number): HookFlowStep {
  const position = source.position ?? shadow.position;
  if (shadow.role === 'live' && shadow.owner === owner) {
    // The two were not looked at in the same moment. Should both stay so, nothing may be decided here.
    if (source.role === 'live') return { kind: 'wait', why: `both ${source.instanceId} and ${shadow.instanceId} say that they are live` };
    if (shadow.isFlowing) return { kind: 'handedOver', why: `${shadow.instanceId} has the state` };
    return position === null ? { kind: 'wait', why: shadow.why } : { kind: 'takeOver', position, why: `${shadow.instanceId} takes no writes yet: ${shadow.why}` };
  }
  if (shadow.role === 'live' || shadow.role === 'released') return { kind: 'impossible', why: `${shadow.instanceId} is ${shadow.role}: nothing is written over its state` };
  if (shadow.role === 'left' && shadow.owner === owner) return { kind: 'impossible', why: `${shadow.instanceId} has left the move` };
  const standsBy = shadow.role === 'standby' && shadow.owner === owner;
  if (source.role === 'released' && source.owner === owner) {
    if (!standsBy) return { kind: 'impossible', why: `${source.instanceId} has ended its writes, and ${shadow.instanceId} does not stand by` };
    return position === null ? { kind: 'release', why: `the writes of ${source.instanceId} have not ended yet` } : { kind: 'takeOver', position, why: `${shadow.instanceId} has not taken over yet` };
  }
  if (source.role !== 'live') return { kind: 'impossible', why: `${source.instanceId} is not live but ${source.role}: ${source.why}` };
  if (isOver(source, owner)) return { kind: 'impossible', why: `the move is over for ${source.instanceId}` };
  if (!standsBy) return { kind: 'standBy', why: `${shadow.instanceId} does not stand by yet` };
  if (!shadow.isFlowing) return { kind: 'standBy', why: `nothing reaches ${shadow.instanceId}: ${shadow.why}` };
  if (source.lagBytes === null) return { kind: 'wait', why: `${source.instanceId} sees nobody that follows it` };
  if (source.lagBytes > maxLagBytes) return { kind: 'wait', why: `${shadow.instanceId} is behind` };
  return { kind: 'release', why: `${shadow.instanceId} follows` };
}

/**
 * The next step back to where the source is live and the shadow never takes over. The source is not resumed while the shadow may have
 * taken over, and is told that the move is over, so that a late release of an attempt that was given up is refused. Where it is live it is only told so (`closeSource`), not resumed:
 * such an attempt may have released it since it was looked at, and a shadow that does not answer may have taken over.
 */
export function nextHookReturnStep(source: HookSide, shadow: HookSide, owner: string, maxLagBytes: number): HookReturnStep {
  if (isSilent(shadow)) {
    if (isSilent(source)) return { kind: 'wait', why: 'no side answers' };
    return source.role === 'live' ? closing(source, owner) : { kind: 'wait', why: `${source.instanceId} is ${source.role}, and the shadow may have the state and does not answer` };
  }
  if (shadow.role === 'live' && shadow.owner === owner) return fromLiveShadow(source, shadow, owner, maxLagBytes);
  if (shadow.role === 'live') return { kind: 'impossible', why: `${shadow.instanceId} is live in another move` };
  if (shadow.role === 'released' && shadow.owner === owner) return fromReleasedShadow(source, shadow);
  // A shadow that cannot take over any more makes every other question harmless.
  if (shadow.role !== 'left') return { kind: 'leave', why: `${shadow.instanceId} still could take over` };
  if (source === 'gone') return { kind: 'done', why: 'the shadow has left; the source, which does not run, has the state' };
  if (source === 'silent') return { kind: 'wait', why: 'the shadow has left; it is not known whether the source is live' };
  if (source.role === 'live') return closing(source, owner);
  if (source.role === 'released' && source.owner === owner) return { kind: 'resumeSource', why: `${source.instanceId} has ended its writes, and nobody took over` };
  return { kind: 'impossible', why: `${source.instanceId} is ${source.role}, and ${shadow.instanceId} has left without its state` };
}

function fromLiveShadow(source: HookSide, shadow: HookLook, owner: string, maxLagBytes: number): HookReturnStep {
  if (isSilent(source)) return { kind: 'wait', why: 'the source does not answer: its state cannot be brought back' };
  if (source.role === 'live') return { kind: 'wait', why: `both ${source.instanceId} and ${shadow.instanceId} say that they are live` };
  if (source.role === 'none' || source.role === 'left') return { kind: 'impossible', why: `${source.instanceId} is ${source.role}: nothing can be handed back to it` };
  if (source.role === 'released' || source.owner !== owner || !source.isFlowing) return { kind: 'follow', why: `nothing reaches ${source.instanceId}: ${source.why}` };
  if (shadow.lagBytes === null || shadow.lagBytes > maxLagBytes) return { kind: 'wait', why: `${source.instanceId} is behind` };
  return { kind: 'releaseShadow', why: `${source.instanceId} follows` };
}

function fromReleasedShadow(source: HookSide, shadow: HookLook): HookReturnStep {
  if (isSilent(source)) return { kind: 'wait', why: 'the source does not answer, and may have taken over' };
  if (source.role === 'live' && source.isFlowing) return { kind: 'leave', why: `${source.instanceId} has the state again` };
  if (source.role !== 'live' && source.role !== 'standby') return { kind: 'impossible', why: `both ${source.instanceId} and ${shadow.instanceId} have ended their writes` };
  if (shadow.position === null) return { kind: 'releaseShadow', why: `the writes of ${shadow.instanceId} have not ended yet` };
  return { kind: 'takeOverBack', position: shadow.position, why: `${source.instanceId} has not taken over yet` };
}

function closing(source: HookLook, owner: string): HookReturnStep {
  if (isOver(source, owner) && source.isFlowing) return { kind: 'done', why: `${source.instanceId} has the state` };
  // Once it is told, nothing can have changed it since it was looked at.
  if (isOver(source, owner)) return { kind: 'resumeSource', why: `${source.instanceId} takes no writes: ${source.why}` };
  return { kind: 'closeSource', why: `${source.instanceId} is not told yet that the move is over` };
}

function isOver(side: HookLook, owner: string): boolean {
  return side.isOver && side.owner === owner;
}

function isSilent(side: HookSide): side is 'silent' | 'gone' {
  return typeof side === 'string';
}
