import { readConfig } from '../../src/contracts/config';

describe('the configuration', () => {
  it('has a default for everything, and no database and no endpoint of its own', () => {
    expect(readConfig({})).toEqual({
      temporalAddress: '127.0.0.1:7233',
      temporalNamespace: 'default',
      temporalSecured: true,
      payloadKeys: null,
      taskQueue: 'foreshift',
      databaseUrl: null,
      awsRegion: 'us-east-1',
      awsEndpoint: null,
      otherRegions: [],
      haproxies: {},
      auditKey: null,
      actorKey: null,
      actors: null,
      backlogMetrics: null,
      buildId: null,
      metricsAddress: null,
      consoleUrl: null,
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
    expect(readConfig({ FORESHIFT_METRICS: '127.0.0.1:9464' }).metricsAddress).toBe('127.0.0.1:9464');
    for (const wrong of ['9464', '127.0.0.1', '127.0.0.1:0', '127.0.0.1:70000']) expect(() => readConfig({ FORESHIFT_METRICS: wrong })).toThrow(`FORESHIFT_METRICS is "${wrong}"; expected an address and a port`);
    expect(readConfig({ AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'eu-west-1', CI: 'false', DATABASE_URL: '' })).toMatchObject({ awsRegion: 'us-west-2', ci: false, databaseUrl: null });
  });

  it('serves other regions beside its own, each with its endpoint where AWS itself is not meant', () => {
    expect(readConfig({ FORESHIFT_REGIONS: 'us-west-2, us-east-1,eu-west-1,us-west-2' }).otherRegions).toEqual([
      { region: 'us-west-2', awsEndpoint: null },
      { region: 'eu-west-1', awsEndpoint: null },
    ]);
    const local = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    expect(readConfig({ ...local, FORESHIFT_REGIONS: 'us-west-2=http://127.0.0.1:2' }).otherRegions).toEqual([{ region: 'us-west-2', awsEndpoint: 'http://127.0.0.1:2' }]);
    expect(() => readConfig({ ...local, FORESHIFT_REGIONS: 'us-west-2' })).toThrow('FORESHIFT_REGIONS: us-west-2 has no endpoint, and AWS_ENDPOINT_URL is set');
    expect(() => readConfig({ FORESHIFT_REGIONS: 'Oregon' })).toThrow('FORESHIFT_REGIONS: "Oregon" is no region; expected such as "us-west-2"');
  });

  it('routes by HAProxys of its own machine, and by none elsewhere', () => {
    expect(readConfig({ FORESHIFT_HAPROXY: 'edge=/run/haproxy/admin.sock, db=127.0.0.1:9999' }).haproxies).toEqual({ edge: { path: '/run/haproxy/admin.sock' }, db: { host: '127.0.0.1', port: 9999 } });
    expect(() => readConfig({ FORESHIFT_HAPROXY: 'edge=10.0.0.7:9999' })).toThrow('FORESHIFT_HAPROXY: "edge=10.0.0.7:9999" is no runtime API; expected such as "edge=/run/haproxy/admin.sock"');
  });

  it('links to a console at an address of the web alone', () => {
    expect(readConfig({ FORESHIFT_CONSOLE_URL: 'https://ops.example.com/' }).consoleUrl).toBe('https://ops.example.com/');
    for (const wrong of ['ops.example.com', 'javascript:alert(1)']) expect(() => readConfig({ FORESHIFT_CONSOLE_URL: wrong })).toThrow(`FORESHIFT_CONSOLE_URL is "${wrong}"`);
  });

  it.each(['constructor', 'constructor:7233', '__proto__:1', 'temporal', 'a:0', 'a:70000', 'a b:1', '\u001b[2J:1'])('refuses %j as the address of Temporal', (address) => {
    expect(() => readConfig({ TEMPORAL_ADDRESS: address })).toThrow(/^TEMPORAL_ADDRESS is "[ -~]*"; expected host:port/);
  });

  it.each(['FORESHIFT_PACE', 'FORESHIFT_REGIONS', 'FORESHIFT_HAPROXY', 'FORESHIFT_BUILD_ID', 'FORESHIFT_METRICS', 'FORESHIFT_BACKLOG_METRICS', 'FORESHIFT_CONSOLE_URL'])('quotes of a wrong %s what can be seen and read', (variable) => {
    expect(() => readConfig({ [variable]: `\u001b[2J${'x'.repeat(5_000)}` })).toThrow(/^[ -~]{1,250}$/);
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
