import fc from 'fast-check';
import { checkMigrationInput } from '../../src/domain/migration-input';

const instanceId = 'i-0123456789abcdef0';

describe('the input of a migration', () => {
  it('needs an instance id and nothing else', () => {
    expect(checkMigrationInput({ instanceId })).toEqual([]);
    expect(checkMigrationInput({ instanceId: 'i-01234567' })).toEqual([]);
    expect(checkMigrationInput({})).toEqual(['instanceId is missing; expected an EC2 instance id such as "i-0123456789abcdef0"']);
  });

  it('takes every field that it documents', () => {
    const input = {
      ...{ instanceId, dryRun: true, approval: 'required', approvalTimeoutMs: 0, onlyIfContended: false, reason: 'r', trigger: 'tick' },
      ...{ zones: ['a'], shapes: ['m7i.large'], rampStepsPercent: [0.5, 100], rampStepMs: 500, bakeMs: 0, probePath: '/health?deep=1', region: 'us-west-2', kmsKeyId: 'alias/mine' },
    };
    expect(checkMigrationInput(input)).toEqual([]);
  });

  it.each([
    ['instanceId', 'i-0123'],
    ['instanceId', 'I-0123456789ABCDEF0'],
    ['instanceId', `${instanceId}\n`],
    ['approval', 'maybe'],
    ['approvalTimeoutMs', -1],
    ['approvalTimeoutMs', null],
    ['trigger', 'cron'],
    ['zones', 'us-east-1a'],
    ['zones', ['']],
    ['rampStepsPercent', [100, 100]],
    ['rampStepsPercent', [0, 100]],
    ['rampStepsPercent', ['50', 100]],
    ['rampStepsPercent', []],
    ['rampStepMs', 499],
    ['bakeMs', 8 * 86_400_000],
    ['bakeMs', '5m'],
    ['probePath', 'http://169.254.169.254/'],
    ['probePath', '/a b'],
    ['reason', ''],
  ])('with %s %j is wrong, in one sentence that names it', (name, value) => {
    const problems = checkMigrationInput({ instanceId, [name]: value });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} is .*; expected `, 's'))]);
  });

  it('names a key only together with the region that it is of', () => {
    expect(checkMigrationInput({ instanceId, kmsKeyId: 'alias/mine' })).toEqual(['kmsKeyId is for what is copied to another region; expected region beside it']);
  });

  it('with an unknown field is wrong, whatever its name', () => {
    fc.assert(
      fc.property(
        fc.string().filter((name) => name !== '__proto__' && checkMigrationInput({ instanceId, [name]: true }).every((problem) => !problem.includes('; expected '))),
        (name) => {
          fc.pre(!['dryRun', 'onlyIfContended'].includes(name));
          expect(checkMigrationInput({ instanceId, [name]: true })).toEqual([expect.stringContaining(`${name} is not a field of migrateInstance`)]);
        },
      ),
    );
    expect(checkMigrationInput({ instanceId, constructor: 1, toString: 2 })).toHaveLength(2);
  });

  it('is never anything but an object', () => {
    for (const input of [null, undefined, 'i-0123456789abcdef0', 3, [{ instanceId }]]) expect(checkMigrationInput(input)).toEqual([expect.stringMatching(/takes one JSON object/)]);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.anything(), (value) => Array.isArray(checkMigrationInput(value))));
    fc.assert(fc.property(fc.jsonValue(), (value) => Array.isArray(checkMigrationInput({ instanceId: value, zones: value, rampStepsPercent: value, probePath: value }))));
  });
});
