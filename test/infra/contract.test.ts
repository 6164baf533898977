import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { cleanUp } from '../../infra/contract/clean-up';
import { contractTarget } from '../../infra/contract/contract-target';
import { CONTRACT_STEPS } from '../../infra/contract/contract-steps';
import { contractOwner, openContractWorld, type ContractWorld } from '../../infra/contract/contract-world';
import { costBound } from '../../infra/contract/cost-bound';
import { startFixture, type Fixture } from './local/gateway/gateway-fixture';

const QUICK = { withinMs: 10_000, everyMs: 20 };
const RIGHT = { FORESHIFT_AWS_CONTRACT: '1', FORESHIFT_AWS_CONTRACT_ACCOUNT: '123456789012', FORESHIFT_AWS_CONTRACT_REGION: 'us-east-1', FORESHIFT_AWS_CONTRACT_IMAGE: 'ami-0123456789abcdef0', FORESHIFT_AWS_CONTRACT_SUBNET: 'subnet-0123456789abcdef0' };

describe("what workflows rest on, of EC2 and of the local cloud's (npm run test:contract holds AWS to it)", () => {
  let fixture: Fixture;
  let imageId: string;
  const world = (runId: string): ContractWorld => {
    const clients = { ec2: fixture.ec2, ebs: fixture.ebs, elb: new ElasticLoadBalancingV2Client({ region: 'us-east-1' }) };
    return openContractWorld(clients, { zone: 'us-east-1a', subnetId: 'subnet-a', imageId, shape: 't3.micro' }, contractOwner(runId), QUICK);
  };
  let whole: ContractWorld;
  beforeAll(async () => {
    fixture = await startFixture({ addressPrefix: '127.93' });
    imageId = await fixture.seedImage('contract', { 'app.txt': 'hello' });
    whole = world('whole');
  });
  afterAll(() => fixture.stop());

  it.each(CONTRACT_STEPS)('$name', ({ run }) => run(whole));

  it('is taken away to the last thing, and takes away nothing of another run', async () => {
    const other = world('other');
    const { reservationId } = await other.reservations.create(other.owner, other.place, 'reserve-1');
    expect(await cleanUp(whole, () => undefined)).toBeGreaterThanOrEqual(7);
    expect(await whole.owned.list(whole.owner)).toEqual([]);
    expect(await other.reservations.state(reservationId)).toBe('active');
    expect(await cleanUp(other, () => undefined)).toBe(1);
  });

  it('is taken away after a run that was killed, by its name alone', async () => {
    const killed = world('killed');
    for (const { run } of CONTRACT_STEPS.slice(0, 3)) await run(killed);
    await cleanUp(world('killed'), () => undefined);
    expect(await killed.owned.list(killed.owner)).toEqual([]);
  });
});

describe('a contract with AWS that somebody pays', () => {
  it('is held only where it is asked for, and names all that is missing', () => {
    expect(() => contractTarget({})).toThrow(/FORESHIFT_AWS_CONTRACT is not "1": .* which somebody pays/);
    expect(() => contractTarget({ ...RIGHT, FORESHIFT_AWS_CONTRACT_ACCOUNT: 'mine', FORESHIFT_AWS_CONTRACT_IMAGE: undefined })).toThrow(/ACCOUNT is "mine"; expected .*12 digits\nFORESHIFT_AWS_CONTRACT_IMAGE is ""/);
    expect(contractTarget(RIGHT)).toMatchObject({ endpoint: null, accountId: '123456789012', shape: 't3.micro' });
  });

  it('costs at most what is counted before it begins, and is not begun where the price is unknown', () => {
    const size = { shape: 't3.micro', usdPerHour: 0.0104, imageGiB: 8, deadlineMinutes: 30 };
    expect(costBound(size)?.usd).toBeCloseTo(0.5 * (2 * 0.0104 * 1.5 + (10 * 0.15 + 10 * 0.08) / 730) + 0.02, 6);
    expect(costBound({ ...size, shape: 'p5.48xlarge', usdPerHour: 98 })?.usd).toBeGreaterThan(100);
    expect(costBound({ ...size, usdPerHour: null })).toBeNull();
  });
});
