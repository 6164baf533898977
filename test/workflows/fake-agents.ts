import type { CommandedAgents } from '../../src/adapters/agent/commanded-agents';
import { businessFailure, retryableFailure } from '../../src/contracts/errors';
import type { SideLook } from '../../src/domain/transfer/side-look';
import { ALREADY_LIVE, HAS_LEFT } from '../../src/transfer/agent/release-answers';

interface Side {
  role: SideLook['role'];
  owner: string | null;
  phase: SideLook['phase'];
  why: string;
  peer: string | null;
}

/**
 * Agents that behave as the real ones do, a step each time they are looked at. What they were told that changed something is noted. An instance that has
 * the only state is known, so that the end of it can be seen as the loss that it is.
 */
export class FakeAgents implements CommandedAgents {
  readonly told: string[] = [];
  /** Instances whose agent does not answer. */
  readonly silent = new Set<string>();
  /** Why a copy never comes to an end; null where it does. */
  neverReady: string | null = null;
  private readonly sides = new Map<string, Side>();

  constructor(private readonly isRunning: (instanceId: string) => boolean) {}

  /** Whether the service's state is here and nowhere else; undecided before anything was told. */
  hasState(instanceId: string): boolean {
    return this.sides.get(instanceId)?.role === 'live';
  }

  async look(instanceId: string): Promise<SideLook> {
    const side = this.side(instanceId);
    if (side.phase === 'copying') Object.assign(side, this.neverReady === null ? { phase: 'ready', why: 'little is left' } : { phase: 'stopped', why: this.neverReady });
    const { role, owner, phase, why } = side;
    return { instanceId, fingerprint: `of ${instanceId}`, port: 8712, owner, role, isHandingOver: false, phase, why, rounds: 3, lagBytes: 0, predictedPauseMs: 20, pauseMs: 25, pausePredictedMs: 20, root: 'digest', hasDoor: true, door: { port: 8080 } };
  }

  async standBy(instanceId: string, { owner }: { readonly owner: string }): Promise<void> {
    const side = this.side(instanceId);
    if (side.role === 'live') throw refusal(ALREADY_LIVE);
    if (side.role === 'left' && side.owner === owner) throw refusal(HAS_LEFT);
    this.tell(`${instanceId} stands by`, () => Object.assign(side, { role: 'standby', owner }));
  }

  async replicate(instanceId: string, { owner, host }: { readonly owner: string; readonly host: string }): Promise<void> {
    const side = this.side(instanceId);
    if (side.role === 'standby' || side.role === 'left') throw refusal('this side has no live state');
    this.tell(`${instanceId} replicates to ${host}`, () => Object.assign(side, { role: 'live', owner, phase: 'copying', why: 'the first copy', peer: host }));
  }

  async cutOver(instanceId: string): Promise<void> {
    const side = this.side(instanceId);
    const peer = this.side(side.peer ?? '');
    if (peer.role === 'left') return void Object.assign(side, { phase: 'failed', why: HAS_LEFT });
    this.tell(`${instanceId} hands over to ${side.peer}`, () => {
      Object.assign(peer, { role: 'live', phase: 'idle' });
      Object.assign(side, { role: 'standby', phase: 'released', why: 'the peer has taken over' });
    });
  }

  async stop(instanceId: string): Promise<void> {
    const side = this.side(instanceId);
    if (side.phase === 'copying' || side.phase === 'ready') this.tell(`${instanceId} stops`, () => Object.assign(side, { phase: 'stopped', why: 'it was told to stop' }));
  }

  async leave(instanceId: string, owner: string): Promise<void> {
    const side = this.side(instanceId);
    if (side.role === 'live') throw refusal(ALREADY_LIVE);
    this.tell(`${instanceId} leaves`, () => Object.assign(side, { role: 'left', owner }));
  }

  private tell(what: string, change: () => void): void {
    change();
    this.told.push(what);
  }

  private side(instanceId: string): Side {
    if (!this.isRunning(instanceId) || this.silent.has(instanceId)) throw retryableFailure('NotReadyYet', `the agent on ${instanceId} does not answer`);
    const known = this.sides.get(instanceId) ?? { role: 'undecided', owner: null, phase: 'idle', why: 'nothing is replicated', peer: null };
    this.sides.set(instanceId, known);
    return known;
  }
}

function refusal(sentence: string): Error {
  return businessFailure('Conflict', `the agent refused: ${sentence}`);
}
