import { createRandomStream } from '../../../src/domain/seeded-random';
import { foreshift } from '../../../src/simulation/planetlab/forecasting-policy';
import type { Policy } from '../../../src/simulation/planetlab/policy';
import { readTrace, type Trace } from '../../../src/simulation/planetlab/read-trace';
import { runDay } from '../../../src/simulation/planetlab/run-day';

const VMS = 80;
const CHANGED_FROM = 100;

/** Loads with levels, bursts and pauses; from sample `CHANGED_FROM` on they depend on `future` too. */
function dayOf(future: number): Trace {
  const rows = Array.from({ length: VMS }, (_, vm) => {
    const [before, after] = [createRandomStream(vm), createRandomStream(1000 * future + vm)];
    const level = before() ** 2 * 60 + 3;
    const sample = (random: () => number): number => Math.round(random() < 0.05 ? 0 : random() < 0.1 ? 100 * random() : Math.min(100, level * (0.6 + 0.8 * random())));
    return `vm,${Array.from({ length: 288 }, (__, i) => sample(i < CHANGED_FROM ? before : after)).join(',')}`;
  });
  return readTrace(rows.join('\n'));
}

interface Watched {
  /** The moves of each instant, of VMs that use something. */
  readonly moves: readonly (readonly [vm: number, host: number])[][];
  readonly policy: Policy;
}

function watched(): Watched {
  const moves: (readonly [number, number])[][] = [];
  const policy: Policy = {
    findFirstHost: foreshift.findFirstHost,
    planMoves: (fleet) => {
      const planned = foreshift.planMoves(fleet);
      moves.push(planned.filter(({ vm }) => fleet.percentAgo(vm, 0) > 0).map(({ vm, target }) => [vm, target.index] as const));
      return planned;
    },
  };
  return { moves, policy };
}

describe('the foreshift policy in the simulator', () => {
  const trace = dayOf(1);
  const first = watched();
  const result = runDay(trace, first.policy);

  it('decides by nothing that is still to come', () => {
    const other = watched();
    runDay(dayOf(2), other.policy);
    // Instant i follows sample i + 1, so the samples of the first 99 instants are the same.
    expect(first.moves.slice(0, CHANGED_FROM - 1).flat().length).toBeGreaterThan(60);
    expect(other.moves.slice(0, CHANGED_FROM - 1)).toEqual(first.moves.slice(0, CHANGED_FROM - 1));
    expect(other.moves).not.toEqual(first.moves);
  });

  it('reads no digits below one percent, where the next sample shows, and gives the same day again', () => {
    let instants = 0;
    const again = runDay(trace, {
      findFirstHost: foreshift.findFirstHost,
      planMoves: (fleet) => {
        const planned = foreshift.planMoves(fleet);
        const exact = fleet.demandMips.slice();
        fleet.demandMips.forEach((mips, vm) => (fleet.demandMips[vm] = mips === 0 ? 0 : (fleet.vmMips[vm] as number) * (fleet.percentAgo(vm, 0) / 100)));
        expect(foreshift.planMoves(fleet)).toEqual(planned);
        fleet.demandMips.set(exact);
        instants++;
        return planned;
      },
    });
    expect(instants).toBe(287);
    expect(again).toEqual(result);
  });

  it('moves no VM twice in a round', () => {
    for (const round of first.moves) expect(new Set(round.map(([vm]) => vm)).size).toBe(round.length);
  });

  it('gets through a day on which nothing runs', () => {
    expect(runDay(readTrace(`vm,${Array(288).fill(0).join(',')}\n`.repeat(8)), foreshift)).toMatchObject({ energyKwh: 0, migrations: 0, slav: 0, slaOverall: 0 });
  });
});
