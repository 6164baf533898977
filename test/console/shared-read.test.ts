import { sharedRead } from '../../src/console/server/shared-read';

describe('a shared read', () => {
  it('answers all who ask within its time by one reading, and reads anew after it', async () => {
    let [reads, nowMs] = [0, 0];
    const read = sharedRead(async () => ++reads, 100, () => nowMs);
    expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
    nowMs = 99;
    expect(await read()).toBe(1);
    nowMs = 100;
    expect(await read()).toBe(2);
  });

  it('keeps no failure: who asks next reads anew', async () => {
    let reads = 0;
    const read = sharedRead(async () => (++reads === 1 ? Promise.reject(new Error('away')) : reads), 100, () => 0);
    await expect(read()).rejects.toThrow('away');
    expect(await read()).toBe(2);
  });
});
