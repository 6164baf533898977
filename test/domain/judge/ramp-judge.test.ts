import fc from 'fast-check';
import { beginJudging, beginStep } from '../../../src/domain/judge/begin-step';
import { evidenceOf } from '../../../src/domain/judge/evidence-of';
import type { JudgeState } from '../../../src/domain/judge/judge-state';
import { observeInterval } from '../../../src/domain/judge/observe-interval';
import { DEFAULT_GATE, type RampGate } from '../../../src/domain/judge/ramp-gate';
import { LATENCY_QUANTILES, type SideCounts } from '../../../src/domain/judge/traffic-interval';
import { verdictOf, type RampVerdict } from '../../../src/domain/judge/verdict-of';

const LATENCIES = [40, 55, 80, 110, 150, 260];
const AS_EXPECTED = LATENCY_QUANTILES.map((quantile) => 1 - quantile);
/** So many of a side's answers lie above its thresholds; the SLO's bound may follow. */
const side = (requests: number, errorRatio = 0.01, above: readonly number[] = AS_EXPECTED): SideCounts => ({ requests, errors: Math.round(requests * errorRatio), answers: requests, slower: above.map((share) => Math.round(requests * share)) });
const SLOW = [1, 0.95, 0.85, 0.6, 0.4, 0.1];

interface Second {
  readonly source: SideCounts;
  readonly shadow: SideCounts;
}

function judged(seconds: readonly Second[], { gate = DEFAULT_GATE, besideSource = true, before = [] as readonly Second[], nextShare = 1 }: { gate?: RampGate; besideSource?: boolean; before?: readonly Second[]; nextShare?: number } = {}): { state: JudgeState; verdicts: RampVerdict[] } {
  const verdicts: RampVerdict[] = [];
  let at = 0;
  let state = beginJudging(0, { steps: 5, durationMs: 600_000 });
  const look = ({ source, shadow }: Second): void => {
    state = observeInterval(state, { fromMs: at, toMs: at + 1000, source, shadow }, gate);
    at += 1000;
  };
  state = beginStep(state, { atMs: 0, besideSource: true, nextShare, source: LATENCIES }, gate);
  before.forEach(look);
  state = beginStep(state, { atMs: at, besideSource, nextShare, source: besideSource ? LATENCIES : null }, gate);
  for (const second of seconds) {
    look(second);
    verdicts.push(verdictOf(state, gate));
  }
  return { state, verdicts };
}

const seconds = (count: number, source: SideCounts, shadow: SideCounts): Second[] => Array.from({ length: count }, () => ({ source, shadow }));
const NOBODY = side(0);

describe('the judge of the ramp', () => {
  it('passes a shadow that answers like the source', () => {
    expect(judged(seconds(30, side(100), side(100))).verdicts.at(-1)).toMatchObject({ kind: 'pass' });
  });

  it('fails a shadow with twice the errors, and says what it saw', () => {
    const verdict = judged(seconds(120, side(200), side(200, 0.02))).verdicts.at(-1);
    expect(verdict).toMatchObject({ kind: 'fail', why: expect.stringMatching(/^2.0 % of the shadow's requests failed, 1.0 % of the source's; the evidence against the shadow is .*, 100 is enough$/) });
  });

  it('gives the figures that a verdict rests on', () => {
    const { state } = judged(seconds(120, side(200), side(200, 0.02)));
    const { requests, logAgainst, logEnough, questions, besideSource } = evidenceOf(state, DEFAULT_GATE);
    expect(requests).toEqual({ source: 24_000, shadow: 24_000 });
    expect(besideSource).toBe(true);
    expect(logAgainst).toBeGreaterThan(logEnough);
    expect(questions.map(({ name, sourcePercent, shadowPercent }) => [name, sourcePercent?.toFixed(1), shadowPercent?.toFixed(1)])).toEqual([['errors', '1.0', '2.0'], ['latency', '50.0', '50.0']]);
    expect(evidenceOf(beginJudging(0, { steps: 1, durationMs: 1 }), DEFAULT_GATE)).toMatchObject({ requests: { source: 0, shadow: 0 }, logAgainst: null, questions: [] });
  });

  it('fails a shadow that is slower', () => {
    expect(judged(seconds(20, side(100), side(100, 0.01, SLOW))).verdicts.at(-1)).toMatchObject({ kind: 'fail', why: expect.stringContaining("of the shadow's answers took over 90.0 ms, 50.0 % of the source's over 80.0 ms") });
  });

  it('holds what slows both sides down against neither', () => {
    expect(judged(seconds(60, side(100, 0.3, SLOW), side(100, 0.3, SLOW))).verdicts.some(({ kind }) => kind === 'fail')).toBe(false);
  });

  it('does not send a shadow back for one second in which everything fails', () => {
    const one = [...seconds(20, side(50), side(50)), ...seconds(1, side(50), side(50, 1)), ...seconds(20, side(50), side(50))];
    expect(judged(one).verdicts.some(({ kind }) => kind === 'fail')).toBe(false);
  });

  it('sends it back within seconds where that goes on, also after a long time without a fault', () => {
    const good = 300;
    const { verdicts } = judged([...seconds(good, side(50), side(50)), ...seconds(20, side(50), side(50, 1))]);
    expect(verdicts.findIndex(({ kind }) => kind === 'fail') - good).toBeLessThan(10);
    expect(verdicts.slice(0, good).some(({ kind }) => kind === 'fail')).toBe(false);
  });

  it('takes silence for no data, and little traffic for inconclusive, with how much is missing', () => {
    expect(judged(seconds(10, side(100), NOBODY)).verdicts.at(-1)).toEqual({ kind: 'noData', why: 'the shadow served no request in this step' });
    const little = judged(seconds(1, side(100), side(20))).verdicts.at(-1);
    if (little?.kind !== 'inconclusive') throw new Error(little?.kind);
    expect(little.why).toMatch(/^20 requests on the shadow, about \d+ more are needed \(\d+ s at the present rate\)$/);
    // What it asks for is about what it takes.
    const enough = judged(seconds(1 + Math.ceil((1.5 * little.neededRequests) / 20), side(100), side(20))).verdicts.at(-1);
    expect(enough?.kind).toBe('pass');
  });

  it('asks for less traffic before a small step, which puts less at risk', () => {
    const neededBefore = (nextShare: number): number => {
      const verdict = judged(seconds(1, side(100), side(20)), { nextShare }).verdicts.at(-1);
      return verdict?.kind === 'inconclusive' ? verdict.neededRequests : 0;
    };
    expect(neededBefore(0.05)).toBeLessThan(neededBefore(1));
    expect(neededBefore(0.05)).toBe(DEFAULT_GATE.minRequests - 20);
  });

  it('wants to see a step pass by itself, whatever the steps before it showed', () => {
    expect(judged(seconds(1, side(5), side(5)), { before: seconds(60, side(100), side(100)) }).verdicts[0]?.kind).toBe('inconclusive');
  });

  it('holds the shadow against the source\'s past where the source has no traffic any more', () => {
    const before = seconds(60, side(100), side(100));
    expect(judged(seconds(60, NOBODY, side(100)), { besideSource: false, before }).verdicts.at(-1)?.kind).toBe('pass');
    expect(judged(seconds(60, NOBODY, side(100, 0.2)), { besideSource: false, before }).verdicts.at(-1)?.kind).toBe('fail');
    expect(judged(seconds(60, NOBODY, side(100, 0.01, SLOW)), { besideSource: false, before }).verdicts.at(-1)?.kind).toBe('fail');
    // An incident of some seconds may be everybody's: without a source beside it, nobody can tell.
    expect(judged([...seconds(20, NOBODY, side(100)), ...seconds(5, NOBODY, side(100, 0.05, SLOW)), ...seconds(20, NOBODY, side(100))], { besideSource: false, before }).verdicts.some(({ kind }) => kind === 'fail')).toBe(false);
  });

  it('compares with what is intolerable where the source never served anything', () => {
    expect(judged(seconds(60, NOBODY, side(100, 0.5)), { besideSource: false }).verdicts.at(-1)?.kind).toBe('fail');
    expect(judged(seconds(60, NOBODY, side(100, 0)), { besideSource: false }).verdicts.at(-1)?.kind).toBe('pass');
  });

  it('holds the absolute bounds even where the source breaks them as well', () => {
    const gate: RampGate = { ...DEFAULT_GATE, slo: { maxErrorRatio: 0.05, maxP99Ms: 500 } };
    const withSlo = (errorRatio: number, beyond: number): SideCounts => side(100, errorRatio, [...AS_EXPECTED, beyond]);
    expect(judged(seconds(60, withSlo(0.2, 0), withSlo(0.2, 0)), { gate }).verdicts.at(-1)).toMatchObject({ kind: 'fail', why: expect.stringContaining('failed') });
    expect(judged(seconds(60, withSlo(0.01, 0.2), withSlo(0.01, 0.2)), { gate }).verdicts.at(-1)).toMatchObject({ kind: 'fail', why: expect.stringContaining('took over 500 ms') });
    expect(judged(seconds(60, withSlo(0.01, 0), withSlo(0.01, 0)), { gate }).verdicts.at(-1)?.kind).toBe('pass');
  });

  it('counts no interval twice', () => {
    const { state } = judged(seconds(10, side(100), side(100)));
    expect(observeInterval(state, { fromMs: 9_000, toMs: 10_000, source: side(100), shadow: side(100, 1) }, DEFAULT_GATE)).toBe(state);
  });

  it('never spends more than it has on beginnings, and never shows a number that is none', () => {
    const any = fc.record({ requests: fc.nat(300), errors: fc.nat(300), slow: fc.nat(300) });
    const counts = ({ requests, errors, slow }: { requests: number; errors: number; slow: number }): SideCounts => {
      const above = Math.min(slow, requests);
      return { requests, errors: Math.min(errors, requests), answers: requests, slower: [requests, above, above, above, Math.floor(above / 2), Math.floor(above / 4)] };
    };
    fc.assert(
      fc.property(fc.array(fc.tuple(any, any), { maxLength: 40 }), fc.boolean(), (looks, besideSource) => {
        const { state, verdicts } = judged(looks.map(([source, shadow]) => ({ source: counts(source), shadow: counts(shadow) })), { besideSource });
        expect(state.unspent).toBeGreaterThanOrEqual(0);
        // It goes from look to look as JSON.
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
        expect(JSON.stringify(state.tolerable)).not.toContain('null');
        for (const { worse, dispersion } of Object.values(state.questions)) expect([...worse, dispersion.squares].some(Number.isNaN)).toBe(false);
        expect(verdicts.some(({ why }) => /NaN|undefined/.test(why))).toBe(false);
      }),
    );
  });
});
