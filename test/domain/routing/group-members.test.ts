import { groupMembers } from '../../../src/domain/routing/group-members';

const classes = (high: Readonly<Record<string, number>>, low: Readonly<Record<string, number>>) => [
  { name: 'high', weights: high, shedRatio: 0 },
  { name: 'low', weights: low, shedRatio: 0 },
];

describe('members in few groups', () => {
  it('share one where every class weighs them alike', () => {
    expect(groupMembers(classes({ a: 30, b: 100, c: 100 }, { a: 0, b: 100, c: 100 }), 3)).toEqual([
      { memberIds: ['a'], weights: { high: 30, low: 0 } },
      { memberIds: ['b', 'c'], weights: { high: 100, low: 100 } },
    ]);
  });

  it('lose precision where there would be too many groups, and never their share', () => {
    expect(groupMembers(classes({ a: 3, b: 52, c: 58, d: 100 }, { a: 0, b: 100, c: 99, d: 97 }), 3)).toEqual([
      { memberIds: ['a'], weights: { high: 10, low: 0 } },
      { memberIds: ['b', 'c'], weights: { high: 60, low: 100 } },
      { memberIds: ['d'], weights: { high: 100, low: 100 } },
    ]);
  });

  it('are no groups where even the sets of classes are too many', () => {
    expect(groupMembers(classes({ a: 100, b: 0, c: 100, d: 0 }, { a: 100, b: 100, c: 0, d: 0 }), 3)).toBeNull();
  });
});
