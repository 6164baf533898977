import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KvStore } from '../../../../../infra/local/demo/stateful/image/kv-store';

describe('the log of the stateful service', () => {
  let here: string;
  let there: string;
  beforeEach(() => {
    here = mkdtempSync(join(tmpdir(), 'kv-here-'));
    there = mkdtempSync(join(tmpdir(), 'kv-there-'));
  });
  afterEach(() => [here, there].forEach((folder) => rmSync(folder, { recursive: true })));

  const carry = (from: string, to: string): void => cpSync(from, to, { recursive: true });

  it('is read on from where it was known, there and back again, and loses and repeats nothing', async () => {
    const source = new KvStore(here);
    await source.set('a', '1');
    carry(here, there);
    const shadow = new KvStore(there);
    expect(shadow.get('a')).toBe('1');
    // The same segment grows, and another one follows.
    await source.set('a', '2');
    await source.close();
    await source.set('b', '1');
    await source.close();
    carry(here, there);
    shadow.readOn();
    expect([shadow.get('a'), shadow.get('b')]).toEqual(['2', '1']);
    await shadow.set('b', '2');
    await shadow.set('c', '1');
    await shadow.close();
    carry(there, here);
    source.readOn();
    expect([source.get('a'), source.get('b'), source.get('c'), source.keys]).toEqual(['2', '2', '1', 3]);
    await source.set('c', '2');
    await source.close();
    expect(new KvStore(here).get('c')).toBe('2');
  });

  it('takes no line whose end has not come, and all of it once it has', () => {
    appendFileSync(join(here, 'wal-000000'), '["a","1"]\n["b","2');
    const store = new KvStore(here);
    expect([store.get('a'), store.get('b')]).toEqual(['1', null]);
    appendFileSync(join(here, 'wal-000000'), '2"]\n');
    store.readOn();
    expect(store.get('b')).toBe('22');
  });

  it('begins where nothing was written yet', async () => {
    const store = new KvStore(join(here, 'data'));
    store.readOn();
    await store.set('a', '1');
    await store.close();
    expect(new KvStore(join(here, 'data')).keys).toBe(1);
  });
});
