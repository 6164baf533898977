import { commitmentWarning, planOrder } from '../../../src/domain/capacity/future-dated';
import type { HoldRung } from '../../../src/domain/capacity/hold-ladder';

const DAY_MS = 86_400_000;
const rungOf = (shape: string, count: number, vcpus: number): HoldRung => ({ zone: 'us-east-1a', subnetId: 's', shape, rung: 'best', option: { shape, count, usdPerHour: 0.1, spotUsdPerHour: null, vcpus, memoryMiB: 8192, why: '' } });
const wish = { startAtMs: 10 * DAY_MS, untilMs: 10 * DAY_MS + 3_600_000, commitmentDays: 14, nowMs: 0 };

describe('an order for a later date', () => {
  it('has the least size that EC2 takes, ends as soon as it may, and costs the whole of its commitment', () => {
    const order = planOrder(rungOf('m7i.large', 3, 2), wish);
    expect(order).toMatchObject({ count: 16, startAtMs: 10 * DAY_MS, endAtMs: 24 * DAY_MS });
    expect(typeof order !== 'string' && order.usdPerHour).toBeCloseTo(1.6);
    expect(typeof order !== 'string' && order.commitmentUsd).toBeCloseTo(1.6 * 24 * 14);
    expect(typeof order !== 'string' && commitmentWarning(order)).toMatch(/^16 x m7i.large in us-east-1a from 1970-01-11T.* to 1970-01-25T.*: 537.60 USD are paid whether it is used or not; once EC2 has agreed, it cannot be cancelled/);
    expect(planOrder(rungOf('m7i.16xlarge', 2, 64), wish)).toMatchObject({ count: 2 });
    expect(planOrder(rungOf('m7i.16xlarge', 1, 64), { ...wish, untilMs: 40 * DAY_MS })).toMatchObject({ endAtMs: 40 * DAY_MS });
  });

  it.each([
    ['m7i.large', { startAtMs: 4.9 * DAY_MS }, /5 to 120 days ahead; .* is 4.9 days ahead/],
    ['m7i.large', { startAtMs: 121 * DAY_MS }, /is 121.0 days ahead/],
    ['x2idn.large', {}, /families c, m, r, i, t and g; x2idn.large is none of them/],
    ['mac2.metal', {}, /mac2.metal is none of them/],
  ])('is not taken for %s, %j', (shape, change, sentence) => {
    expect(planOrder(rungOf(shape, 1, 2), { ...wish, ...change })).toMatch(sentence);
  });
});
