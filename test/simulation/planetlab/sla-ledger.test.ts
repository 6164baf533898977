import { SlaLedger } from '../../../src/simulation/planetlab/sla-ledger';

describe('the ledger of a simulated day', () => {
  it('counts of active time the share in which less was granted than requested', () => {
    const ledger = new SlaLedger(1, 1);
    ledger.hostState(0, 0, 100, 100);
    ledger.hostState(0, 30, 90, 100);
    ledger.hostState(0, 40, 0, 100);
    ledger.hostState(0, 99, 0, 0);
    expect(ledger.close().slatah).toBe(0.25);
  });

  it('tells what migrations cost from all that was not served', () => {
    const ledger = new SlaLedger(1, 1);
    ledger.vmState(0, 0, 90, 100, true);
    ledger.vmState(0, 10, 50, 100, false);
    ledger.vmState(0, 20, 100, 100, false);
    ledger.vmState(0, 100, 100, 100, false);
    const { pdm, slaOverall } = ledger.close();
    expect(pdm).toBeCloseTo(100 / 10_000, 12);
    expect(slaOverall).toBeCloseTo(600 / 10_000, 12);
  });

  it('lets a later state of the same instant replace the earlier one', () => {
    const ledger = new SlaLedger(1, 1);
    ledger.hostState(0, 0, 0, 0);
    ledger.hostState(0, 0, 10, 10);
    ledger.hostState(0, 5, 10, 10);
    expect(ledger.close()).toMatchObject({ shutdowns: 0, slatah: 0 });
  });

  it('counts one shutdown for each time that a host falls idle, and for one never used', () => {
    const ledger = new SlaLedger(2, 0);
    [10, 0, 0, 10, 0].forEach((use, i) => ledger.hostState(0, i, use, use));
    [0, 0].forEach((use, i) => ledger.hostState(1, i, use, use));
    expect(ledger.close().shutdowns).toBe(3);
  });

  it('has a result without a NaN where nothing ever ran', () => {
    expect(new SlaLedger(1, 1).close()).toEqual({ slatah: 0, pdm: 0, slav: 0, slaOverall: 0, shutdowns: 0 });
  });
});
