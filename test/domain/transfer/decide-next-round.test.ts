import fc from 'fast-check';
import { decideNextRound, type NextRound, type PreCopyPolicy } from '../../../src/domain/transfer/decide-next-round';
import type { RoundMeasure } from '../../../src/domain/transfer/round-model';

const policy: PreCopyPolicy = { maxPauseMs: 300, handoverMs: 50, maxRounds: 20 };

/** Pre-copies a state of that size whose writer and link have these rates, until something is decided. */
function preCopy({ stateMb, dirtyMbps, linkMbps, fixedMs }: Record<'stateMb' | 'dirtyMbps' | 'linkMbps' | 'fixedMs', number>): { rounds: RoundMeasure[]; decision: NextRound; pauseMs: number } {
  const rounds: RoundMeasure[] = [];
  let changedBytes = stateMb * 1e6;
  for (;;) {
    const sendingMs = changedBytes / linkMbps / 1e3;
    const durationMs = fixedMs + sendingMs;
    rounds.push({ intervalMs: rounds.at(-1)?.durationMs ?? 0, durationMs, sendingMs, latencyMs: 0, changedBytes });
    changedBytes = Math.min(stateMb * 1e6, dirtyMbps * 1e3 * durationMs);
    const decision = decideNextRound(rounds, policy);
    if (decision.kind !== 'continue') return { rounds, decision, pauseMs: policy.handoverMs + fixedMs + changedBytes / linkMbps / 1e3 };
  }
}

describe('deciding about the next round of a pre-copy', () => {
  it('cuts over once the predicted pause is short enough, and is right about it', () => {
    const { rounds, decision, pauseMs } = preCopy({ stateMb: 2_000, dirtyMbps: 20, linkMbps: 200, fixedMs: 40 });
    expect(rounds.map(({ durationMs }) => Math.round(durationMs))).toEqual([10_040, 1_044, 144, 54]);
    expect(decision).toMatchObject({ kind: 'cutOver', why: 'the pause is predicted at 95 ms, 300 ms are allowed' });
    expect(pauseMs).toBeCloseTo(95.4, 0);
  });

  it.each([
    ['more changes than can be sent', { stateMb: 500, dirtyMbps: 300, linkMbps: 200, fixedMs: 40 }, /would not come below 2590 ms, 300 ms are allowed: 19\d.\d MB\/s change, 200.0 MB\/s can be sent/],
    ['what a round takes at least is too long', { stateMb: 500, dirtyMbps: 1, linkMbps: 200, fixedMs: 400 }, /would not come below 45\d ms, 300 ms are allowed/],
    ['rounds get shorter, not short enough', { stateMb: 500, dirtyMbps: 170, linkMbps: 200, fixedMs: 60 }, /would not come below/],
  ])('stops with its reason before any pause where %s', (_, world, why) => {
    const { rounds, decision } = preCopy(world);
    expect(decision.kind).toBe('stop');
    expect(decision.why).toMatch(why);
    expect(rounds.length).toBeLessThanOrEqual(10);
  });

  it('tells how many rounds are still needed', () => {
    const rounds = [10_040, 5_060, 2_570].map((durationMs, i, all) => ({ durationMs, sendingMs: durationMs - 40, latencyMs: 0, intervalMs: all[i - 1] ?? 0, changedBytes: (durationMs - 40) * 200e3 }));
    expect(decideNextRound(rounds, policy)).toMatchObject({ kind: 'continue', predictedRounds: 3 });
  });

  it('ends in every world, cutting over only within a half of what was predicted', () => {
    const world = fc.record({ stateMb: fc.integer({ min: 1, max: 100_000 }), dirtyMbps: fc.double({ min: 0, max: 500, noNaN: true }), linkMbps: fc.integer({ min: 1, max: 1_000 }), fixedMs: fc.integer({ min: 1, max: 2_000 }) });
    fc.assert(
      fc.property(world, (facts) => {
        const { rounds, decision, pauseMs } = preCopy(facts);
        expect(rounds.length).toBeLessThanOrEqual(policy.maxRounds);
        if (decision.kind === 'cutOver') expect(Math.abs(decision.predictedPauseMs - pauseMs)).toBeLessThanOrEqual(pauseMs / 2);
      }),
    );
  });
});
