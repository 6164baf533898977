import { NOTHING_YET, noteReplacements } from '../../../src/domain/capacity/note-replacements';

describe('noting replacements', () => {
  it('pairs what is new with what was lost, and with what had nothing yet', () => {
    const first = noteReplacements([], { lost: [{ instanceId: 'a', trouble: 'a is gone' }, { instanceId: 'b', trouble: 'b is gone' }], freshIds: ['x'], noticedAtMs: 1, readyAtMs: 2 });
    expect(first).toEqual([
      { lost: 'a', by: 'x', why: 'a is gone', noticedAtMs: 1, readyAtMs: 2 },
      { lost: 'b', by: NOTHING_YET, why: 'b is gone', noticedAtMs: 1, readyAtMs: 2 },
    ]);
    const second = noteReplacements(first, { lost: [{ instanceId: 'x', trouble: 'x is gone' }], freshIds: ['y', 'z'], noticedAtMs: 3, readyAtMs: 4 });
    expect(second.map(({ lost, by, noticedAtMs, readyAtMs }) => [lost, by, noticedAtMs, readyAtMs])).toEqual([
      ['a', 'x', 1, 2],
      ['b', 'z', 1, 4],
      ['x', 'y', 3, 4],
    ]);
  });
});
