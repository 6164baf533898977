import { decideAlarmState } from '../../../../infra/local/gateway/cloudwatch/decide-alarm-state';

/** A window as AWS's documentation draws it: `0` fine, `X` breaching, `-` missing; five periods, oldest first. */
function decide(window: string, treat: 'missing' | 'ignore' | 'breaching' | 'notBreaching', needed: number): string {
  const values = [...window].map((mark) => (mark === '-' ? undefined : mark === 'X' ? 100 : 0));
  const state = decideAlarmState(
    { EvaluationPeriods: 3, DatapointsToAlarm: needed, TreatMissingData: treat, ComparisonOperator: 'GreaterThanThreshold', Threshold: 50 },
    values,
  );
  return state ?? 'keep';
}

const MODES = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

describe('The state of an alarm', () => {
  it.each([
    ['0-X-X', ['OK', 'OK', 'OK', 'OK']],
    ['----0', ['OK', 'OK', 'OK', 'OK']],
    ['-----', ['INSUFFICIENT_DATA', 'keep', 'ALARM', 'OK']],
    ['0XX-X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['--X--', ['ALARM', 'keep', 'ALARM', 'OK']],
  ])('follows AWS\'s table for 3 of 3 datapoints: %s', (window, expected) => {
    // The table's first row holds two breaching points and one that isn't.
    expect(MODES.map((mode) => decide(window, mode, 3))).toEqual(expected);
  });

  it.each([
    ['0-X-X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['00X0X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0-X--', ['OK', 'OK', 'ALARM', 'OK']],
    ['----0', ['OK', 'OK', 'ALARM', 'OK']],
  ])('follows AWS\'s table for 2 of 3 datapoints: %s', (window, expected) => {
    expect(MODES.map((mode) => decide(window, mode, 2))).toEqual(expected);
  });

  it('is not raised by a single breaching datapoint that is still too fresh', () => {
    expect(decide('----X', 'missing', 2)).toBe('keep');
    expect(decide('---X-', 'missing', 2)).toBe('ALARM');
  });
});
