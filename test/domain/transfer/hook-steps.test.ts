import type { HookLook } from '../../../src/domain/transfer/hook-look';
import { type HookSide, nextHookFlowStep, nextHookReturnStep } from '../../../src/domain/transfer/hook-steps';

const OWNER = 'migration/i-a/run';
const MAX_LAG_BYTES = 1_000;

const side = (instanceId: string, role: HookLook['role'], more: Partial<HookLook> = {}): HookLook => ({ instanceId, role, owner: OWNER, isOver: false, isFlowing: true, lagBytes: null, position: null, why: `it is ${role}`, ...more });
const a = (role: HookLook['role'], more: Partial<HookLook> = {}): HookLook => side('i-a', role, more);
const b = (role: HookLook['role'], more: Partial<HookLook> = {}): HookLook => side('i-b', role, more);

describe('the next step of an application from its source to its shadow', () => {
  it.each<[string, HookLook, HookLook, string]>([
    ['a fresh copy is told to follow', a('live', { owner: null }), b('none', { owner: null }), 'standBy'],
    ['one that nothing reaches is told again', a('live', { owner: null }), b('standby', { isFlowing: false }), 'standBy'],
    ['a source that sees nobody is waited for', a('live', { owner: null }), b('standby'), 'wait'],
    ['one that lacks too much is waited for', a('live', { owner: null, lagBytes: 1_001 }), b('standby'), 'wait'],
    ['writes end where little is left', a('live', { owner: null, lagBytes: 1_000 }), b('standby'), 'release'],
    ['a release that told no position is repeated', a('released'), b('standby'), 'release'],
    ['the shadow takes over what was released', a('released', { position: '7' }), b('standby'), 'takeOver'],
    ['a shadow that takes no writes yet is told again', a('released', { position: '7' }), b('live', { isFlowing: false }), 'takeOver'],
    ['it is handed over once the shadow takes writes', a('released', { position: '7' }), b('live'), 'handedOver'],
    ['two that say they are live were not looked at at once', a('live'), b('live'), 'wait'],
    ['nothing is written over what is live elsewhere', a('live'), b('live', { owner: 'another' }), 'impossible'],
    ['who has left does not come back', a('live'), b('left', { isOver: true }), 'impossible'],
    ['nothing begins after it was told to be over', a('live', { isOver: true, lagBytes: 0 }), b('standby'), 'impossible'],
    ['a source that another move released is not taken', a('released', { owner: 'another', position: '7' }), b('standby'), 'impossible'],
    ['a source that was never claimed is not moved', a('none', { owner: null }), b('none', { owner: null }), 'impossible'],
  ])('%s', (_, source, shadow, kind) => expect(nextHookFlowStep(source, shadow, OWNER, MAX_LAG_BYTES).kind).toBe(kind));
});

describe('the next step of an application back to its source', () => {
  it.each<[string, HookSide, HookSide, string]>([
    ['a shadow that could take over leaves first', a('released', { position: '7' }), b('standby'), 'leave'],
    ['then the source goes on', a('released', { position: '7' }), b('left'), 'resumeSource'],
    ['a source that is live is told that it is over', a('live', { owner: null }), b('left'), 'closeSource'],
    ['and then it is done', a('live', { isOver: true }), b('left'), 'done'],
    ['it is not done while the source takes no writes', a('live', { isOver: true, isFlowing: false }), b('left'), 'resumeSource'],
    ['a released source waits for a shadow that does not answer', a('released', { position: '7' }), 'silent', 'wait'],
    ['a source that was never released does not', a('live', { owner: null }), 'gone', 'closeSource'],
    ['a source that does not answer is waited for', 'silent', b('left'), 'wait'],
    ['one that does not run is not', 'gone', b('left'), 'done'],
    ['nobody is told anything while nobody answers', 'silent', 'silent', 'wait'],
    ['what the shadow has is not given up with the source', 'gone', b('live'), 'wait'],
    ['a released source follows the shadow first', a('released', { position: '7' }), b('live'), 'follow'],
    ['it catches up', a('standby'), b('live', { lagBytes: 1_001 }), 'wait'],
    ['then the shadow ends its writes', a('standby'), b('live', { lagBytes: 0 }), 'releaseShadow'],
    ['the source takes over', a('standby'), b('released', { position: '9' }), 'takeOverBack'],
    ['a source that takes no writes yet is told again', a('live', { isFlowing: false }), b('released', { position: '9' }), 'takeOverBack'],
    ['the shadow leaves once the source takes writes', a('live'), b('released', { position: '9' }), 'leave'],
    ['a state that left with its shadow is not made up', a('standby'), b('left'), 'impossible'],
    ['a shadow of another move is let alone', a('live'), b('live', { owner: 'another' }), 'impossible'],
  ])('%s', (_, source, shadow, kind) => expect(nextHookReturnStep(source, shadow, OWNER, MAX_LAG_BYTES).kind).toBe(kind));
});
