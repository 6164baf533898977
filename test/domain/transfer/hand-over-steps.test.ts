import fc from 'fast-check';
import { nextFlowStep, nextReturnStep } from '../../../src/domain/transfer/hand-over-steps';
import type { SideLook } from '../../../src/domain/transfer/side-look';

const OWNER = 'migration/i-source/run';

interface Side {
  role: SideLook['role'];
  owner: string | null;
  phase: SideLook['phase'];
  isHandingOver: boolean;
  wantsCutOver: boolean;
}

type Name = 'source' | 'shadow';
const other = (name: Name): Name => (name === 'source' ? 'shadow' : 'source');

/** Two agents, and what they do by themselves between two looks at them, each in small steps that may come in any order. */
class Model {
  readonly sides: Record<Name, Side> = { source: side(), shadow: side() };

  look(name: Name): SideLook {
    const { role, owner, phase, isHandingOver } = this.sides[name];
    return { instanceId: name, fingerprint: '', port: 1, owner, role, isHandingOver, phase, why: phase, rounds: 1, lagBytes: null, predictedPauseMs: null, pauseMs: null, pausePredictedMs: null, root: null, hasDoor: false, door: null };
  }

  /** One step of what an agent does by itself. */
  advance(name: Name): void {
    const me = this.sides[name];
    const peer = this.sides[other(name)];
    if (me.role !== 'live') return;
    if (me.isHandingOver) {
      // The release arrives, is refused, or its answer is not known yet; the peer may have taken over long before.
      if (peer.role === 'standby') Object.assign(peer, { role: 'live', phase: 'idle' });
      else if (peer.role === 'live') Object.assign(me, { role: 'standby', phase: 'released', isHandingOver: false, wantsCutOver: false });
      else Object.assign(me, { phase: 'failed', isHandingOver: false, wantsCutOver: false });
    } else if (me.phase === 'copying') me.phase = peer.role === 'standby' ? 'ready' : 'failed';
    else if (me.phase === 'ready' && peer.role !== 'standby') me.phase = 'failed';
    else if (me.phase === 'ready' && me.wantsCutOver) Object.assign(me, { phase: 'quiesced', isHandingOver: true });
  }

  /** A killed process forgets nothing but how far it was. */
  restart(name: Name): void {
    const me = this.sides[name];
    if (me.phase === 'copying' || me.phase === 'ready') Object.assign(me, { phase: 'copying', wantsCutOver: false });
  }

  standBy(name: Name): void {
    const me = this.sides[name];
    if (me.role === 'live' || me.role === 'left') return;
    Object.assign(me, { role: 'standby', owner: OWNER });
  }

  replicate(name: Name): void {
    const me = this.sides[name];
    if (me.role === 'standby' || me.role === 'left' || me.isHandingOver || me.phase === 'copying' || me.phase === 'ready') return;
    Object.assign(me, { role: 'live', owner: OWNER, phase: 'copying', wantsCutOver: false });
  }

  cutOver(name: Name): void {
    if (this.sides[name].phase === 'ready' || this.sides[name].phase === 'copying') this.sides[name].wantsCutOver = true;
  }

  stop(name: Name): void {
    const me = this.sides[name];
    if (!me.isHandingOver && (me.phase === 'copying' || me.phase === 'ready')) me.phase = 'stopped';
  }

  leave(name: Name): void {
    const me = this.sides[name];
    if (me.role !== 'live') Object.assign(me, { role: 'left', owner: OWNER, phase: 'idle' });
  }

  forwards(source: SideLook, shadow: SideLook): string {
    const { kind } = nextFlowStep(source, shadow, OWNER);
    if (kind === 'standBy') this.standBy('shadow');
    if (kind === 'standBy' || kind === 'replicate') this.replicate('source');
    if (kind === 'ready') this.cutOver('source');
    return kind;
  }

  backwards(source: SideLook | null, shadow: SideLook | null): string {
    const { kind } = nextReturnStep(source, shadow, OWNER);
    if (kind === 'leave') this.leave('shadow');
    if (kind === 'stopSource') this.stop('source');
    if (kind === 'replicateBack') this.replicate('shadow');
    if (kind === 'cutOverBack') this.cutOver('shadow');
    return kind;
  }
}

function side(): Side {
  return { role: 'undecided', owner: null, phase: 'idle', isHandingOver: false, wantsCutOver: false };
}

/** What happens between: an agent goes on by itself or is killed; a side is looked at and may have changed when it is acted upon; the saga goes forwards, then back. */
const happening = fc.constantFrom('source', 'shadow', 'source', 'shadow', 'killSource', 'killShadow', 'lookAtSource', 'lookAtShadow', 'act', 'act', 'silentSource', 'silentShadow');

describe('the steps of a hand-over', () => {
  const play = (events: readonly string[], turnAt: number): Model => {
    const model = new Model();
    let source: SideLook | null = model.look('source');
    let shadow: SideLook | null = model.look('shadow');
    let gaveUp = false;
    events.forEach((event, i) => {
      const isOnItsWayBack = gaveUp || i >= turnAt;
      if (event === 'source' || event === 'shadow') model.advance(event);
      if (event === 'killSource') model.restart('source');
      if (event === 'killShadow') model.restart('shadow');
      if (event === 'lookAtSource') source = model.look('source');
      if (event === 'lookAtShadow') shadow = model.look('shadow');
      if (event === 'silentSource') source = null;
      if (event === 'silentShadow') shadow = null;
      if (event === 'act') {
        if (isOnItsWayBack) model.backwards(source, shadow);
        else if (source !== null && shadow !== null) gaveUp = model.forwards(source, shadow) === 'impossible';
        [source, shadow] = [model.look('source'), model.look('shadow')];
      }
      const { role, isHandingOver } = model.sides.source;
      const peer = model.sides.shadow;
      // Two may say that they are live only while one of them waits to hear of it, and has stopped its service.
      if (role === 'live' && peer.role === 'live') expect(isHandingOver || peer.isHandingOver).toBe(true);
      // Whoever does not have the state says so only when the other one has it.
      expect(role === 'standby' && peer.role !== 'live').toBe(false);
      expect(role === 'left').toBe(false);
    });
    return model;
  };

  const goOn = (model: Model, act: () => string): string => {
    let last = '';
    for (let i = 0; i < 60; i += 1) {
      last = act();
      model.advance('source');
      model.advance('shadow');
    }
    return last;
  };

  it('never leave the state on no side or on two, whatever is lost, late, silent or killed', () => {
    fc.assert(fc.property(fc.array(happening, { maxLength: 80 }), fc.nat(80), (events, turnAt) => void play(events, turnAt)), { numRuns: 2_000 });
  });

  it('bring the state back to the source from anywhere, and the shadow never takes it again', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), fc.nat(60), (events, turnAt) => {
        const model = play(events, turnAt);
        expect(goOn(model, () => model.backwards(model.look('source'), model.look('shadow')))).toBe('done');
        expect(model.sides.shadow.role).toBe('left');
        expect(model.sides.source.role).not.toBe('standby');
      }),
      { numRuns: 1_000 },
    );
  });

  it('hand the state over from anywhere before the way back was begun', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (events) => {
        const model = play(events, events.length);
        expect(goOn(model, () => model.forwards(model.look('source'), model.look('shadow')))).toBe('handedOver');
        expect(model.sides).toMatchObject({ source: { role: 'standby' }, shadow: { role: 'live' } });
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuse what would write over a live state or trust a side that has left', () => {
    const model = new Model();
    Object.assign(model.sides.shadow, { role: 'live', owner: 'another' });
    expect(model.forwards(model.look('source'), model.look('shadow'))).toBe('impossible');
    expect(model.backwards(model.look('source'), model.look('shadow'))).toBe('impossible');
    Object.assign(model.sides.shadow, { role: 'left', owner: OWNER });
    expect(model.forwards(model.look('source'), model.look('shadow'))).toBe('impossible');
    expect(nextReturnStep(null, null, OWNER)).toEqual({ kind: 'wait', why: 'no agent answers' });
    expect(nextReturnStep(null, model.look('shadow'), OWNER).kind).toBe('done');
  });
});
