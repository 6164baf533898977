import { BankLedger } from '../../../../infra/local/demo/postgresql/bank-ledger';

describe('the ledger of the bank', () => {
  it('finds what was acknowledged and is missing, what is there and nobody sent, and what is there twice', () => {
    const ledger = new BankLedger();
    const [first, second, third, fourth] = [ledger.newTransfer(), ledger.newTransfer(), ledger.newTransfer(), ledger.newTransfer()];
    ledger.commit(first, 0);
    ledger.commit(second, 10);
    ledger.unknown.add(third);
    expect(ledger.compare([first, second])).toEqual({ lost: 0, unasked: 0, twice: 0 });
    expect(ledger.compare([first, second, third])).toEqual({ lost: 0, unasked: 0, twice: 0 });
    expect(ledger.compare([first, first, fourth])).toEqual({ lost: 1, unasked: 1, twice: 1 });
  });

  it('tells the longest time without a commit, one that has not ended yet as well, once', () => {
    const ledger = new BankLedger();
    for (const atMs of [0, 10, 300, 310]) ledger.commit(ledger.newTransfer(), atMs);
    expect(ledger.takeGapMs(320)).toBe(290);
    expect(ledger.takeGapMs(700)).toBe(390);
  });
});
