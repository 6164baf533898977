import type { CommandOutcome, InstanceCommandPort } from '../../src/activities/instance-command-port';
import { retryableFailure } from '../../src/contracts/errors';
import type { HookLook } from '../../src/domain/transfer/hook-look';

interface Side {
  role: HookLook['role'];
  owner: string | null;
  isOver: boolean;
  peer: string | null;
  position: string | null;
  /** Transactions that are on this side's disk. */
  readonly held: number[];
}

/**
 * An application with hooks on every instance, that behaves as the contract of the hooks says: who is live writes, who follows gets what was written. What was told
 * that changed something is noted; whatever must never be is noted as a violation.
 */
export class FakeHooks implements InstanceCommandPort {
  readonly told: string[] = [];
  readonly violations: string[] = [];
  readonly silent = new Set<string>();
  /** Followers that nothing reaches any more. */
  readonly cut = new Set<string>();
  lagBytes = 0;
  /** Asked at each command: whether it is lost before or after it was carried out. */
  loses: (hook: string, instanceId: string) => 'nothing' | 'command' | 'reply' = () => 'nothing';
  private readonly sides = new Map<string, Side>();
  private lastWrite = 0;

  constructor(
    first: string,
    private readonly isRunning: (instanceId: string) => boolean = () => true,
  ) {
    this.sides.set(first, { role: 'live', owner: null, isOver: false, peer: null, position: null, held: [] });
  }

  hasState(instanceId: string): boolean {
    return this.sides.get(instanceId)?.role === 'live';
  }

  live(): string[] {
    return [...this.sides].filter(([, { role }]) => role === 'live').map(([id]) => id);
  }

  /** A client's transaction, acknowledged by who is live; refused where nobody is. */
  write(): void {
    const [first, ...others] = this.live();
    if (others.length > 0) this.violations.push(`more than one is live: ${this.live().join()}`);
    const side = this.sides.get(first ?? '');
    if (side === undefined) return;
    side.held.push((this.lastWrite += 1));
    this.flow();
  }

  /** What was acknowledged and is not where it is written now. */
  lost(): number[] {
    const [live = ''] = this.live();
    const held = new Set(this.sides.get(live)?.held);
    return Array.from({ length: this.lastWrite }, (_, i) => i + 1).filter((one) => !held.has(one));
  }

  async run(instanceId: string, command: string): Promise<CommandOutcome> {
    if (!this.isRunning(instanceId) || this.silent.has(instanceId)) throw retryableFailure('NotReadyYet', `${instanceId} takes no commands`);
    const [, hook = '', words = ''] = /^"\$\{FORESHIFT_HOOKS:-\/etc\/foreshift\/application\}"\/([a-z-]+)(.*)$/.exec(command) ?? [];
    const loss = this.loses(hook, instanceId);
    if (loss === 'command') throw retryableFailure('Unavailable', `${hook} did not reach ${instanceId}`);
    const [owner = '', more = ''] = [...words.matchAll(/'([^']*)'/g)].map(([, word]) => word ?? '');
    const outcome = this.answer(instanceId, hook, owner, more);
    if (loss === 'reply') throw retryableFailure('Unavailable', `the reply of ${hook} on ${instanceId} was lost`);
    return outcome;
  }

  private answer(instanceId: string, hook: string, owner: string, more: string): CommandOutcome {
    const side = this.side(instanceId);
    this.flow();
    const refusal = hook === 'status' ? null : this.act(instanceId, side, hook, owner, more);
    if (refusal !== null) return { exitCode: refusal.startsWith('not yet') ? 4 : 3, stdout: '', stderr: refusal };
    const follower = [...this.sides.values()].find(({ role, peer }) => role !== 'left' && peer === instanceId);
    const isFlowing = side.role === 'live' || ((side.role === 'standby' || side.role === 'released') && !this.cut.has(instanceId));
    const look = { role: side.role, owner: side.owner, isOver: side.isOver, isFlowing, lagBytes: side.role === 'live' && follower !== undefined ? this.lagBytes : null, position: side.position, why: `it is ${side.role}` };
    return { exitCode: 0, stdout: JSON.stringify(look), stderr: '' };
  }

  private act(id: string, side: Side, hook: string, owner: string, more: string): string | null {
    const isMine = side.owner === owner;
    switch (hook) {
      case 'stand-by':
        if (side.role === 'live') return 'this side is live';
        if (side.role === 'left' && isMine) return 'this side has left the move';
        return this.change(`${id} follows ${more}`, side, { role: 'standby', owner, peer: more });
      case 'release':
        if (isMine && (side.role === 'released' || side.role === 'standby')) return null;
        if (side.role !== 'live') return `this side is ${side.role}`;
        if (isMine && side.isOver) return 'the move is over for this side';
        return this.change(`${id} releases`, side, { role: 'released', owner, peer: more, position: String(side.held.length) });
      case 'take-over':
        if (side.role === 'live' && isMine) return null;
        if (side.role !== 'standby' || !isMine) return `this side is ${side.role}`;
        if (side.held.length < Number(more)) return 'not yet: the position is not reached';
        return this.change(`${id} takes over`, side, { role: 'live', peer: null });
      case 'close':
        if (side.role !== 'live') return `this side is ${side.role}`;
        return this.change(null, side, { owner, isOver: true });
      case 'resume':
        if (side.role !== 'live' && !(side.role === 'released' && isMine)) return `this side is ${side.role}`;
        if (side.role === 'live') return this.change(null, side, { owner, isOver: true });
        return this.change(`${id} resumes`, side, { role: 'live', owner, isOver: true, peer: null });
      case 'leave':
        if (side.role === 'live') return 'this side is live';
        return this.change(side.role === 'left' && isMine ? null : `${id} leaves`, side, { role: 'left', owner, isOver: true, peer: null });
      default:
        throw new Error(`no such hook: ${hook}`);
    }
  }

  private change(what: string | null, side: Side, change: Partial<Side>): null {
    const isNew = Object.entries(change).some(([name, value]) => side[name as keyof Side] !== value);
    if (what !== null && isNew) this.told.push(what);
    Object.assign(side, change);
    if (this.live().length > 1) this.violations.push(`more than one is live: ${this.live().join()}`);
    return null;
  }

  private flow(): void {
    for (const [id, side] of this.sides) {
      const from = this.sides.get(side.peer ?? '');
      if (from === undefined || this.cut.has(id) || (side.role !== 'standby' && side.role !== 'released')) continue;
      side.held.push(...from.held.slice(side.held.length));
    }
  }

  private side(instanceId: string): Side {
    const known = this.sides.get(instanceId) ?? { role: 'none', owner: null, isOver: false, peer: null, position: null, held: [] };
    this.sides.set(instanceId, known);
    return known;
  }
}
