import { knownActivities } from '../../../infra/faults/cases/activity-map';
import { makeCases } from '../../../infra/faults/cases/fault-case';
import type { SeenScenario } from '../../../infra/faults/cases/fault-case';
import { mayBeMeant, selectCases } from '../../../infra/faults/cases/select-cases';
import { checkHonesty } from '../../../infra/faults/check/check-honesty';
import { slopeBytesPerHour } from '../../../infra/faults/run/memory';

const act = (activity: string, occurrence = 1) => ({ activity, occurrence, isLocal: false, startToCloseMs: 60_000, isUndo: false });
const THERE: SeenScenario = {
  scenario: 'move/there',
  isWayBack: false,
  canAbort: true,
  activities: [{ ...act('recordAudit'), isLocal: true, startToCloseMs: 10_000 }, { ...act('writeBlocks'), startToCloseMs: 43_200_000 }, act('setWeights'), act('setWeights', 2), act('terminateSource'), act('setWeights', 3)],
};
const BACK: SeenScenario = { scenario: 'move/back', isWayBack: true, canAbort: false, activities: [{ ...act('deleteImages'), isUndo: true }] };
const cases = makeCases([THERE, BACK]);
const named = (name: string) => cases.find((one) => one.name === name);

describe('the cases of the fault matrix', () => {
  it('have a name of their own each, by scenario, activity, which of them, and fault', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    expect(named('move/there/setWeights/reply-lost')).toMatchObject({ activity: 'setWeights', occurrence: 1 });
    expect(named('move/there/setWeights#3/reply-lost')).toMatchObject({ activity: 'setWeights', occurrence: 3 });
    expect(named('move/back/deleteImages/undo-fails-for-ever')).toMatchObject({ fault: { name: 'fails-for-ever' } });
  });

  it('leave out what cannot happen: AWS refuses no step of the worker itself, and what may take hours outlives no timeout', () => {
    expect(named('move/there/recordAudit/refused-before')).toBeUndefined();
    expect(named('move/there/recordAudit/error-before')).toBeDefined();
    expect(named('move/there/writeBlocks/slow')).toBeUndefined();
    expect(named('move/back/deleteImages/aborted')).toBeUndefined();
    expect(named('move/there/terminateSource/aws-write-swallowed')).toBeUndefined();
  });

  it('let something be left to an operator only where there is no other way', () => {
    expect(named('move/there/setWeights#2/refused-before')?.isLastResort).toBe(false);
    expect(named('move/there/setWeights#3/refused-before')?.isLastResort).toBe(true);
    expect(named('move/back/deleteImages/refused-before')?.isLastResort).toBe(true);
  });

  it('are chosen the same by the same seed, by name or pattern, and those that take something from all come last', () => {
    expect(selectCases(cases, { seed: 7, limit: 20 })).toEqual(selectCases(cases, { seed: 7, limit: 20 }));
    expect(selectCases(cases, { seed: 7 })).not.toEqual(selectCases(cases, { seed: 8 }));
    expect(selectCases(cases, { seed: 1, only: '*/setWeights#2/reply-lost,move/back/*/cancelled' }).map(({ name }) => name).toSorted()).toEqual(['move/back/deleteImages/cancelled', 'move/there/setWeights#2/reply-lost']);
    const kinds = selectCases(cases, { seed: 1 }).map(({ fault }) => fault.strike.kind);
    expect(kinds.slice(kinds.indexOf('outage')).every((kind) => kind === 'outage')).toBe(true);
    expect(['move/there', 'move/back'].map((scenario) => mayBeMeant(scenario, 'move/back/deleteImages/*'))).toEqual([false, true]);
  });
});

it('the activities are those of the product itself', () => {
  expect(knownActivities()).toEqual(expect.arrayContaining(['launchShadow', 'holdCapacity', 'steerRequests', 'changeShape']));
});

describe('what a result says that is left', () => {
  const owned = new Map([['i-1', 'instance (running)']]);

  it('must be all that is there and nothing else', () => {
    expect(checkHonesty(['instance i-1 (running)', 'terminate the shadow: not allowed'], owned)).toEqual([]);
    expect(checkHonesty([], owned)).toEqual([{ expected: 'everything that is left is named', found: 'instance (running) i-1 is not' }]);
    expect(checkHonesty(['instance i-1 (running)', 'image ami-2'], owned)).toEqual([{ expected: 'only what is left is named', found: '"image ami-2" does not exist' }]);
  });

  it('may be unknown, if that is said', () => {
    expect(checkHonesty(['it is unknown whether anything is left over: throttled'], owned)).toEqual([]);
  });
});

it('the slope of memory is that of a straight line through it', () => {
  const samples = [0, 1, 2, 3].map((minute) => ({ atMs: minute * 60_000, rssBytes: 1_000 + minute * 10 }));
  expect(slopeBytesPerHour(samples)).toBeCloseTo(600);
  expect(slopeBytesPerHour([])).toBe(0);
});
