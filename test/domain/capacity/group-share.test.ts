import fc from 'fast-check';
import { ownOf, planLower, planRaise, readShare, writeShare, type GroupShare, type GroupStep } from '../../../src/domain/capacity/group-share';

/** A group whose calls may be lost before they are made or after: what an activity does, and does again. */
class Group {
  share: GroupShare | null = null;
  constructor(public desired: number, readonly min = 0, readonly max = 50) {}

  /** @param lost where the attempt ends: before the tag, between tag and change, after the change; null: nowhere */
  private attempt(plan: () => GroupStep, lost: 'before' | 'between' | 'after' | null): GroupStep | 'lost' {
    const step = plan();
    if (lost === 'before') return 'lost';
    if (step.kind === 'full') return step;
    this.share = step.share;
    if (lost === 'between') return 'lost';
    if (step.kind === 'set') this.desired = step.share.to;
    return lost === 'after' ? 'lost' : step;
  }

  run(plan: () => GroupStep, losses: readonly ('before' | 'between' | 'after')[]): GroupStep {
    for (const lost of [...losses, null]) {
      const answer = this.attempt(plan, lost);
      if (answer !== 'lost') return answer;
    }
    throw new Error('never reached');
  }

  raise(step: string, by: number, losses: readonly ('before' | 'between' | 'after')[] = []): GroupStep {
    return this.run(() => planRaise(this, this.share, step, by), losses);
  }

  release(losses: readonly ('before' | 'between' | 'after')[] = []): GroupStep {
    return this.run(() => planLower(this, this.share, 'release', Infinity), losses);
  }
}

const losses = fc.array(fc.constantFrom('before' as const, 'between' as const, 'after' as const), { maxLength: 3 });

describe('what a hold adds to an Auto Scaling group', () => {
  it('is taken back exactly, whichever answers were lost on the way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), losses), { maxLength: 4 }), losses, (desired, raises, last) => {
        const group = new Group(desired);
        raises.forEach(([by, lost], i) => {
          const before = group.desired;
          const step = group.raise(`raise-${i}`, by, lost);
          expect(group.desired).toBe(step.kind === 'full' ? before : Math.min(group.max, before + by));
        });
        expect(ownOf(group.desired, group.share)).toBe(group.desired - desired);
        group.release(last);
        expect(group.desired).toBe(desired);
        expect(group.share?.added ?? 0).toBe(0);
      }),
    );
  });

  it('leaves what somebody else added meanwhile, and what somebody else went down to', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 40 }), losses, (desired, by, theirs, lost) => {
        const group = new Group(desired);
        group.raise('raise-1', by);
        const ours = group.desired;
        group.desired = theirs;
        group.release(lost.filter((where) => where !== 'between'));
        if (theirs > ours) expect(group.desired).toBe(theirs - by);
        if (theirs === ours || theirs === desired) expect(group.desired).toBe(desired);
        if (theirs < ours && theirs !== desired) expect(group.desired).toBe(theirs);
      }),
    );
  });

  it('is no more than the maximum leaves room for, and an undo never goes below the minimum', () => {
    const group = new Group(4, 0, 6);
    expect(group.raise('raise-1', 5)).toMatchObject({ kind: 'set', share: { from: 4, to: 6, added: 2 } });
    expect(group.raise('raise-2', 1)).toEqual({ kind: 'full' });
    expect(planLower({ desired: 6, min: 5, max: 6 }, group.share, 'release', Infinity)).toMatchObject({ share: { to: 5, added: 0 } });
  });

  it('can be taken back in part, the newest answer lost or not', () => {
    const group = new Group(4);
    group.raise('raise-1', 3);
    group.run(() => planLower(group, group.share, 'lower-2', 1), ['after', 'between']);
    expect([group.desired, group.share?.added]).toEqual([6, 2]);
    group.release();
    expect(group.desired).toBe(4);
  });

  it('is not counted where somebody else set the group while our answer was lost', () => {
    const group = new Group(4);
    expect(() => group.run(() => planRaise(group, group.share, 'raise-1', 2), ['between'])).not.toThrow();
    const other = new Group(4);
    other.share = { step: 'raise-1', from: 4, to: 6, added: 2 };
    other.desired = 9;
    expect(other.raise('raise-1', 2)).toMatchObject({ kind: 'unsure' });
    other.release();
    expect(other.desired).toBe(9);
  });

  it('stands in a tag that names its owner, and comes back from it', () => {
    const share: GroupShare = { step: 'raise-12', from: 3, to: 5, added: 4 };
    expect(readShare(writeShare(share, `capacity/web/${'x'.repeat(300)}`))).toEqual(share);
    expect(readShare('something else')).toBeNull();
    expect(readShare(undefined)).toBeNull();
  });
});
