import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sha256Hex } from '../../src/transfer/digest';
import type { ManifestRecord } from '../../src/transfer/manifest/entry';
import { StateFolder } from '../../src/transfer/manifest/state-folder';
import { comparePaths } from '../../src/transfer/manifest/path-order';
import { picture, TwoSides } from './two-sides';

const attributes = { mode: 0o644, uid: 0, gid: 0, mtimeUs: 0 };
const recordOf = (path: string, text: string): ManifestRecord => ({ entry: { kind: 'file', path, attributes, bytes: text.length, chunking: 'whole', content: sha256Hex(Buffer.from(text)) }, seen: null, round: 1 });
const COMMITTED = { root: 'r', round: 1, committedAtMs: 1, bootId: '' };

describe('what an agent remembers', () => {
  it('is, after it was killed in a round, the new as far as it was written and the former behind it', () => {
    const paths = fc.uniqueArray(fc.stringMatching(/^[a-c-]{1,3}(\/[a-c-]{1,2})?$/), { minLength: 1, maxLength: 12 }).map((all) => all.sort(comparePaths));
    fc.assert(
      fc.property(paths, paths, fc.nat(), (former, latter, cut) => {
        const folder = mkdtempSync(join(tmpdir(), 'foreshift-state-'));
        try {
          new StateFolder(folder).replace(former.map((path) => recordOf(path, 'former')), COMMITTED);
          const killed = new StateFolder(folder);
          const update = killed.begin();
          for (const path of latter) {
            while (update.peek() !== null && comparePaths(update.peek()?.entry.path as string, path) <= 0) update.take();
            update.put(recordOf(path, 'latter'));
          }
          while (update.take() !== null);
          update.finish();
          const next = join(folder, 'manifest.next');
          const written = readFileSync(next);
          writeFileSync(next, written.subarray(0, cut % (written.length + 1)));
          const kept = written.subarray(0, cut % (written.length + 1)).toString().split('\n').length - 1;
          const expected = [...latter.slice(0, kept).map((path) => recordOf(path, 'latter')), ...former.filter((path) => kept === 0 || comparePaths(path, latter[kept - 1] as string) > 0).map((path) => recordOf(path, 'former'))];
          const restarted = new StateFolder(folder);
          expect([...restarted.records()]).toEqual(expected);
          expect(restarted.mark().root).toBeNull();
        } finally {
          rmSync(folder, { recursive: true });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('says nothing of a file that was being changed when the agent was killed, before it has read it again', async () => {
    const sides = new TwoSides();
    try {
      writeFileSync(join(sides.source, 'large'), randomBytes(33 * 1024 * 1024));
      await sides.round();
      const torn = readFileSync(join(sides.shadow, 'large'));
      torn.write('half of a block', 5_000_000);
      writeFileSync(join(sides.shadow, 'large'), torn);
      writeFileSync(join(sides.shadowState, 'in-flux'), 'large');
      const { literalBytes } = await sides.round();
      expect(literalBytes).toBe(4_096);
      expect(picture(sides.shadow)).toEqual(picture(sides.source));
    } finally {
      await sides.remove();
    }
  });

  it('is not believed after the machine was restarted: everything is read again', async () => {
    const sides = new TwoSides();
    try {
      writeFileSync(join(sides.source, 'a'), 'what was written');
      await sides.round();
      writeFileSync(join(sides.shadow, 'a'), '');
      const file = join(sides.shadowState, 'state.json');
      writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), bootId: 'an earlier one' }));
      await sides.round();
      expect(readFileSync(join(sides.shadow, 'a'), 'utf8')).toBe('what was written');
    } finally {
      await sides.remove();
    }
  });
});
