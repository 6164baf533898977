import { createAwsClients } from '../../src/adapters/aws/clients';
import { createRegionPorts } from '../../src/workers/region-ports';
import { stateKeepersOf } from '../../src/workers/state-keepers-of';
import { FakeHooks } from '../workflows/fake-hooks';

describe('a worker\'s way to other regions', () => {
  const opened = (own: { region: string; awsEndpoint: string | null }, served: { region: string; awsEndpoint: string | null }[]) => {
    const asked: (string | null)[] = [];
    const portsIn = createRegionPorts(own, served, ({ region, awsEndpoint }) => {
      asked.push(`${region} ${awsEndpoint ?? 'AWS'}`);
      return createAwsClients({ region });
    });
    return { asked, portsIn };
  };

  it('is AWS\'s own by the region\'s name, opened once, and only when it is asked for', () => {
    const { asked, portsIn } = opened({ region: 'us-east-1', awsEndpoint: null }, []);
    expect(portsIn()).toBe(portsIn('us-east-1'));
    expect(portsIn('us-west-2')).toBe(portsIn('us-west-2'));
    expect(asked).toEqual(['us-east-1 AWS', 'us-west-2 AWS']);
  });

  it('is never AWS itself where a stand-in serves the worker\'s own, unless its endpoint is named', () => {
    const own = { region: 'us-east-1', awsEndpoint: 'http://127.0.0.1:1' };
    const { asked, portsIn } = opened(own, [own, { region: 'us-west-2', awsEndpoint: 'http://127.0.0.1:2' }]);
    portsIn('us-west-2');
    expect(asked).toEqual(['us-west-2 http://127.0.0.1:2']);
    expect(() => portsIn('eu-west-1')).toThrow('does not know how to reach eu-west-1: name its endpoint in FORESHIFT_REGIONS');
  });

  it('speaks to source and shadow each in its region while a state is handed over', async () => {
    const hooks = new FakeHooks('i-a');
    const asked = new Set<string>();
    const accessTo = (region = 'us-east-1') => ({
      commands: { run: async (id: string, command: string) => (asked.add(`${id} in ${region}`), hooks.run(id, command)) },
      compute: { describe: async (id: string) => (asked.add(`${id} in ${region}`), { address: id }) as never },
    });
    const keeper = stateKeepersOf(accessTo)({ strategy: 'application', shadowId: 'i-b', shadowRegion: 'us-west-2' });
    await keeper.begin({ owner: 'migration/i-a/run', sourceId: 'i-a', shadowId: 'i-b' }, { maxPauseMs: 300 });
    expect([...asked].toSorted()).toEqual(['i-a in us-east-1', 'i-b in us-west-2']);
    expect(hooks.told.length).toBeGreaterThan(0);
  });
});
