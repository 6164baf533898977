import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { ChainCheck, type ChainLink, type ChainPoint } from '../../src/domain/audit-chain';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const GENESIS = sha256('genesis');

function chainOf(entries: readonly string[]): ChainLink[] {
  const links: ChainLink[] = [];
  for (const entry of entries) {
    const [seq, previousHash] = [links.length + 1, links.at(-1)?.hash ?? GENESIS];
    links.push({ seq, entry, previousHash, hash: sha256(`${seq}\n${previousHash}\n${entry}`) });
  }
  return links;
}
const verify = (links: readonly ChainLink[], points: readonly ChainPoint[] = []) => {
  const check = new ChainCheck(GENESIS, sha256, points);
  links.forEach((link) => check.add(link));
  return check.verdict();
};
const entries = fc.array(fc.string(), { minLength: 2, maxLength: 12 });

describe('the audit chain', () => {
  it('is intact as it was written, and its head is the last hash', () => {
    const links = chainOf(['a', 'b', 'c']);
    expect(verify(links)).toEqual({ intact: true, records: 3, head: links[2]?.hash, problems: [] });
    expect(verify([])).toEqual({ intact: true, records: 0, head: GENESIS, problems: [] });
  });

  it('names the record that was changed', () => {
    const links = chainOf(['a', 'b', 'c']).map((link) => (link.seq === 2 ? { ...link, entry: 'B' } : link));
    expect(verify(links).problems).toEqual(['record 2 was changed']);
  });

  it('shows a change that was hashed anew: the next record does not follow', () => {
    const links = chainOf(['a', 'b', 'c']).map((link) => (link.seq === 2 ? { ...link, entry: 'B', hash: sha256(`2\n${link.previousHash}\nB`) } : link));
    expect(verify(links).problems).toEqual(['record 3 does not follow the record before it']);
  });

  it('shows any record changed, removed or exchanged with the next', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (texts, n) => {
        const links = chainOf(texts);
        const i = n % (links.length - 1);
        const changed = links.map((link, at) => (at === i ? { ...link, entry: `${link.entry}!` } : link));
        const exchanged = [...links.slice(0, i), ...links.slice(i, i + 2).toReversed(), ...links.slice(i + 2)];
        for (const tampered of [changed, links.toSpliced(i, 1), exchanged]) expect(verify(tampered).intact).toBe(false);
      }),
    );
  });

  it('shows any end that was cut off before a signed record, and any chain that was written anew from before one', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.nat(), (texts, n, m) => {
        const links = chainOf(texts);
        const signed = n % links.length;
        const point = { seq: signed + 1, hash: links[signed]?.hash ?? '' };
        expect(verify(links, [point]).intact).toBe(true);
        const at = m % (signed + 1);
        expect(verify(links.slice(0, at), [point]).problems.at(-1)).toBe(`the records from ${at + 1} to ${signed + 1} are missing: the last of them was signed`);
        const anew = chainOf(texts.map((text, i) => (i === at ? `${text}!` : text)));
        expect(verify(anew).intact).toBe(true);
        expect(verify(anew, [point]).problems).toEqual([`record ${signed + 1} is another than the one that was signed`]);
      }),
    );
  });

  it('cannot by itself show that its end was cut off: the head is another, which is why it is kept elsewhere', () => {
    const links = chainOf(['a', 'b', 'c']);
    expect(verify(links.slice(0, 2))).toMatchObject({ intact: true, head: links[1]?.hash });
  });
});
