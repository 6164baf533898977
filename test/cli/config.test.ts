import { readConfig } from '../../src/contracts/config';

describe('the configuration', () => {
  it('has a default for everything, and no database and no endpoint of its own', () => {
    expect(readConfig({})).toEqual({
      temporalAddress: '127.0.0.1:7233',
      temporalNamespace: 'default',
      taskQueue: 'foreshift',
      databaseUrl: null,
      awsRegion: 'us-east-1',
      awsEndpoint: null,
      pace: 'production',
      home: '.foreshift',
      temporalCli: null,
      python: 'python3',
      path: '/usr/local/bin:/usr/bin:/bin',
      ci: false,
    });
  });

  it('takes what the environment says', () => {
    const config = readConfig({ TEMPORAL_ADDRESS: 'temporal:7233', DATABASE_URL: 'postgres://u:p@db/f', AWS_DEFAULT_REGION: 'eu-west-1', FORESHIFT_PACE: 'local', CI: '1' });
    expect(config).toMatchObject({ temporalAddress: 'temporal:7233', databaseUrl: 'postgres://u:p@db/f', awsRegion: 'eu-west-1', pace: 'local', ci: true });
    expect(readConfig({ AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'eu-west-1', CI: 'false', DATABASE_URL: '' })).toMatchObject({ awsRegion: 'us-west-2', ci: false, databaseUrl: null });
  });

  it('names the variable that is wrong and what was expected', () => {
    expect(() => readConfig({ FORESHIFT_PACE: 'fast' })).toThrow('FORESHIFT_PACE is "fast"; expected "production" or "local"');
    expect(() => readConfig({ DATABASE_URL: 'mysql://root:secret@db/f' })).toThrow('DATABASE_URL: expected postgresql://user:password@host:port/database');
  });

  it('does not repeat a database address that may hold a password', () => {
    let message = '';
    try {
      readConfig({ DATABASE_URL: 'mysql://root:secret@db/f' });
    } catch (error) {
      message = String(error);
    }
    expect(message).not.toContain('secret');
  });
});
