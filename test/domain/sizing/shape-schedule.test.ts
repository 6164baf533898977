import fc from 'fast-check';
import { planShapeSchedule, type ScheduleInput } from '../../../src/domain/sizing/shape-schedule';

const HOUR = 3_600_000;
const option = (usdPerHour: number, chance: readonly number[], moveUsd = 0.1) => ({ usdPerHour, chance, moveUsd });
const input = (change: Partial<ScheduleInput>): ScheduleInput => ({ options: [], present: 0, blockMs: HOUR, earliestBlock: 1, dwellBlocks: 1, overloadUsdPerHour: 10, ...change });

describe('a schedule of shapes', () => {
  it('stays where nothing else is cheaper', () => {
    const plan = planShapeSchedule(input({ options: [option(1, [0, 0, 0]), option(2, [0, 0, 0])] }));
    expect(plan).toMatchObject({ changes: [], usd: 3, stayUsd: 3, overloadMinutes: 0 });
  });

  it('grows when overload begins to cost more than the larger shape and the move, and not before', () => {
    const plan = planShapeSchedule(input({ options: [option(1, [0, 0, 0, 0.5, 0.5, 0.5]), option(2, [0, 0, 0, 0, 0, 0])] }));
    expect(plan.changes).toEqual([{ option: 1, block: 3 }]);
    expect(plan.usd).toBeCloseTo(3 + 0.1 + 6, 9);
    expect(plan.stayUsd).toBeCloseTo(6 + 15, 9);
    expect(plan.stayOverloadMinutes).toBeCloseTo(90, 9);
  });

  it('shrinks for the night and grows again where that pays for both moves', () => {
    const night = [0, 0, 0, 0, 0, 0];
    const plan = planShapeSchedule(input({ options: [option(2, [...night, 0, 0]), option(1, [...night, 0.9, 0.9])] }));
    expect(plan.changes).toEqual([
      { option: 1, block: 1 },
      { option: 0, block: 6 },
    ]);
  });

  it('does not count on a shape before it can serve', () => {
    const plan = planShapeSchedule(input({ options: [option(1, [1, 1, 1, 1, 1, 1]), option(2, [0, 0, 0, 0, 0, 0])], earliestBlock: 4 }));
    expect(plan.changes).toEqual([{ option: 1, block: 4 }]);
    expect(plan.overloadMinutes).toBe(240);
  });

  it('is never dearer than staying, keeps every dwell, and costs what its changes cost', () => {
    const chances = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: 0.1, max: 4, noNaN: true }), chances, fc.double({ min: 0, max: 3, noNaN: true })), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }), (shapes, dwellBlocks, earliestBlock) => {
        const options = shapes.map(([usd, chance, move]) => option(usd, chance, move));
        const plan = planShapeSchedule(input({ options, dwellBlocks, earliestBlock, overloadUsdPerHour: 5 }));
        expect(plan.usd).toBeLessThanOrEqual(plan.stayUsd + 1e-9);
        let usd = 0;
        let serving = 0;
        for (let block = 0; block < 12; block++) {
          const change = plan.changes.find((one) => one.block === block);
          if (change !== undefined) {
            serving = change.option;
            usd += options[serving]?.moveUsd ?? 0;
          }
          usd += (options[serving]?.usdPerHour ?? 0) + 5 * (options[serving]?.chance[block] ?? 0);
        }
        expect(plan.usd).toBeCloseTo(usd, 6);
        plan.changes.forEach(({ block }, i) => expect(block - (plan.changes[i - 1]?.block ?? block - dwellBlocks)).toBeGreaterThanOrEqual(dwellBlocks));
        if (plan.changes[0] !== undefined) expect(plan.changes[0].block).toBeGreaterThanOrEqual(earliestBlock);
      }),
    );
  });
});
