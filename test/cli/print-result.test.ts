import { printResult } from '../../src/cli/print-result';
import { reportFailure } from '../../src/cli/report-failure';
import type { MigrateInstanceResult } from '../../src/contracts/migrate-instance';

const RESULTS: readonly [string, number, MigrateInstanceResult, readonly string[]][] = [
  [
    'planned',
    0,
    {
      kind: 'Planned',
      plan: {
        instanceId: 'i-1',
        from: { shape: 'm5.large', zone: 'us-east-1a' },
        region: 'us-west-2',
        why: ['runs out in 40 min'],
        creates: ['an image'],
        changes: [],
        terminates: ['i-1'],
        rungs: [{ zone: 'us-east-1b', subnetId: 's', shape: 'm5.xlarge', usdPerHour: 0.192, why: '' }],
        cost: { hourlyBeforeUsd: 0.096, hourlyAfterUsd: 0.192, doubleRunningMs: 1_200_000, doubleRunningUsd: 0.064 },
      } as never,
      forecasts: [],
      assessment: {} as never,
      planHash: 'abcdef0123456789',
    },
    ['plan abcdef012345 for i-1 (m5.large in us-east-1a) to us-west-2', 'nothing was changed', 'runs out in 40 min', 'would change:\n  (nothing)', 'm5.xlarge in us-east-1b, 0.1920 USD/h', '0.0960 -> 0.1920 USD/h', '20 min'],
  ],
  ['completed', 0, { kind: 'Completed', instanceId: 'i-1', replacementId: 'i-2', zone: 'us-east-1b', shape: 'm5.xlarge', phases: [], notes: [] }, ['i-1 is replaced by i-2 (m5.xlarge in us-east-1b)']],
  ['completed in another region', 0, { kind: 'Completed', instanceId: 'i-1', replacementId: 'i-2', zone: 'us-west-2b', region: 'us-west-2', shape: 'm5.xlarge', phases: [], notes: [] }, ['i-2 (m5.xlarge in us-west-2b, region us-west-2)']],
  ['refused', 3, { kind: 'Refused', error: 'InsufficientCapacity', reasons: ['no m5.xlarge', 'no m5.2xlarge'] }, ['InsufficientCapacity', 'no m5.xlarge', 'no m5.2xlarge']],
  ['rolled back', 4, { kind: 'RolledBack', phase: 'ramp', reasons: ['p99 rose'], phases: [] }, ['phase ramp', 'everything is as it was', 'p99 rose']],
  ['left to an operator', 5, { kind: 'NeedsOperator', phase: 'release', reasons: ['throttled'], left: ['image ami-1'], phases: [] }, ['operator is needed', 'throttled', 'image ami-1']],
];

describe('what the command line says at the end', () => {
  let [out, err] = [[] as string[], [] as string[]];
  beforeEach(() => {
    [out, err] = [[], []];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
    jest.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    // Jest's own exit code is its own.
    process.exitCode = undefined;
  });

  it.each(RESULTS)('of a migration that is %s: exit code %d, the reasons, and as JSON the result itself', (_, code, result, words) => {
    printResult(result, false);
    expect(process.exitCode).toBe(code);
    for (const word of words) expect(out.join('\n')).toContain(word);
    out = [];
    printResult(result, true);
    expect(process.exitCode).toBe(code);
    expect(JSON.parse(out.join('\n'))).toEqual(result);
  });

  it('of a failure is its innermost sentence, and exit code 1', () => {
    reportFailure(new Error('Workflow execution failed', { cause: new Error('Activity task failed', { cause: new Error('instance i-1 is stopped') }) }));
    expect([process.exitCode, err]).toEqual([1, ['foreshift: instance i-1 is stopped']]);
  });

  it('of a server that is not there is how to have one', () => {
    reportFailure(new Error('Failed to connect before the deadline', { cause: new Error('inner detail') }));
    expect(process.exitCode).toBe(1);
    expect(err.join('\n')).toMatch(/Failed to connect before the deadline\n.*foreshift local up.*TEMPORAL_ADDRESS/);
  });

  it('of something thrown that is no error is its text', () => {
    reportFailure('broken');
    expect([process.exitCode, err]).toEqual([1, ['foreshift: broken']]);
  });
});
