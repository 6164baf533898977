import { matchNetwork } from '../../../src/domain/region/match-network';
import type { NetworksThere } from '../../../src/domain/region/match-network';

const VPCS = [
  { vpcId: 'vpc-default', isDefault: true, tags: {} },
  { vpcId: 'vpc-shop', isDefault: false, tags: { 'foreshift:vpc': 'shop', Name: 'shop west' } },
  { vpcId: 'vpc-named', isDefault: false, tags: { Name: 'plain' } },
];
const THERE: NetworksThere = {
  vpcs: VPCS,
  groups: VPCS.flatMap(({ vpcId }) => ['default', 'web'].map((name) => ({ groupId: `${name} of ${vpcId}`, name, vpcId }))),
  keyNames: ['ada'],
};
const SOURCE = { tags: { 'foreshift:vpc': 'shop', Name: 'shop east' }, groupNames: ['web'], keyName: 'ada' };

describe('the network of a shadow in another region', () => {
  it('is the one with the same tag, with groups and key of the same names', () => {
    expect(matchNetwork(SOURCE, THERE)).toEqual({ vpcId: 'vpc-shop', securityGroupIds: ['web of vpc-shop'], keyName: 'ada', notes: ['its network is vpc-shop, by the tag foreshift:vpc=shop'] });
  });

  it('is the one of the same name where no tag says otherwise, else the default one, and that is said', () => {
    expect(matchNetwork({ ...SOURCE, tags: { Name: 'plain' } }, THERE)).toMatchObject({ vpcId: 'vpc-named' });
    expect(matchNetwork({ ...SOURCE, tags: { Name: 'another' } }, THERE)).toMatchObject({ vpcId: 'vpc-default', notes: [expect.stringContaining("vpc-default, the region's default one")] });
  });

  it.each([
    ['a tag of an operator that no network has there', { 'foreshift:vpc': 'bank' }, VPCS, /no VPC has the tag foreshift:vpc=bank/],
    ['a name that two have', { Name: 'plain' }, [...VPCS, { vpcId: 'vpc-2', isDefault: false, tags: { Name: 'plain' } }], /more than one VPC has the tag Name=plain/],
    ['nothing to go by', {}, VPCS.slice(1), /there is no default VPC/],
  ])('is none with %s: which one would be a guess', (_, tags, vpcs, problem) => {
    expect(matchNetwork({ ...SOURCE, tags }, { ...THERE, vpcs })).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('goes without the groups and the key that are not there, and says so', () => {
    expect(matchNetwork({ ...SOURCE, groupNames: ['web', 'db'], keyName: 'bob' }, THERE)).toMatchObject({
      securityGroupIds: ['web of vpc-shop'],
      keyName: null,
      notes: [expect.anything(), 'no security group of vpc-shop is named db: the shadow goes without it', 'no key pair is named bob: the shadow is launched without one'],
    });
  });

  it('has the default group where none of the source\'s is there, and none where the source has none', () => {
    expect(matchNetwork({ ...SOURCE, groupNames: ['db'] }, THERE)).toMatchObject({ securityGroupIds: ['default of vpc-shop'] });
    expect(matchNetwork({ ...SOURCE, groupNames: ['db'] }, { ...THERE, groups: [] })).toEqual({ problem: expect.stringContaining('neither a security group named db nor a default one') });
    expect(matchNetwork({ ...SOURCE, groupNames: [], keyName: null }, THERE)).toMatchObject({ securityGroupIds: [], keyName: null });
  });
});
