/** Tag of an operator: the name that networks for the same purpose have in all regions. */
export const NETWORK_TAG = 'foreshift:vpc';
/** The group that every network has from its beginning, and that lets nothing in but its own members. */
const DEFAULT_GROUP = 'default';

type Tags = Readonly<Record<string, string>>;

/** The source's network as another region could know it: by names, since ids are of one region. */
export interface NetworkNames {
  readonly tags: Tags;
  readonly groupNames: readonly string[];
  readonly keyName: string | null;
}

/** What another region has, of those names at least. */
export interface NetworksThere {
  readonly vpcs: readonly { readonly vpcId: string; readonly isDefault: boolean; readonly tags: Tags }[];
  readonly groups: readonly { readonly groupId: string; readonly name: string; readonly vpcId: string }[];
  readonly keyNames: readonly string[];
}

/** What a shadow in another region gets for the source's network, groups and key. */
export interface MatchedNetwork {
  readonly vpcId: string;
  readonly securityGroupIds: readonly string[];
  readonly keyName: string | null;
  /** What is otherwise than at the source, a sentence each. */
  readonly notes: readonly string[];
}

/** By the same names. A network or group that only seems to be the right one would open what is meant to be closed: where it is not clear, the answer is the problem. */
export function matchNetwork(source: NetworkNames, there: NetworksThere): MatchedNetwork | { readonly problem: string } {
  const found = findNetwork(source.tags, there.vpcs);
  if ('problem' in found) return found;
  const { vpcId } = found;
  const groupId = (name: string): string | undefined => there.groups.find((group) => group.vpcId === vpcId && group.name === name)?.groupId;
  const missing = source.groupNames.filter((name) => groupId(name) === undefined);
  const same = source.groupNames.flatMap((name) => groupId(name) ?? []);
  const fallback = source.groupNames.length > 0 && same.length === 0 ? groupId(DEFAULT_GROUP) : undefined;
  if (source.groupNames.length > 0 && same.length === 0 && fallback === undefined) return { problem: `${vpcId} has neither a security group named ${source.groupNames.join(' or ')} nor a default one` };
  const hasKey = source.keyName === null || there.keyNames.includes(source.keyName);
  return {
    vpcId,
    securityGroupIds: fallback === undefined ? same : [fallback],
    keyName: hasKey ? source.keyName : null,
    notes: [
      found.note,
      ...missing.map((name) => `no security group of ${vpcId} is named ${name}: the shadow goes without it`),
      ...(fallback === undefined ? [] : [`the shadow gets the default security group of ${vpcId}, which lets nothing in but its own members`]),
      ...(hasKey ? [] : [`no key pair is named ${source.keyName ?? ''}: the shadow is launched without one`]),
    ],
  };
}

function findNetwork(tags: Tags, vpcs: NetworksThere['vpcs']): { readonly vpcId: string; readonly note: string } | { readonly problem: string } {
  for (const key of [NETWORK_TAG, 'Name']) {
    const wanted = tags[key];
    if (wanted === undefined) continue;
    const [first, second] = vpcs.filter((vpc) => vpc.tags[key] === wanted);
    if (second !== undefined) return { problem: `more than one VPC has the tag ${key}=${wanted}; expected one` };
    if (first !== undefined) return { vpcId: first.vpcId, note: `its network is ${first.vpcId}, by the tag ${key}=${wanted}` };
    if (key === NETWORK_TAG) return { problem: `no VPC has the tag ${key}=${wanted}, which the source's has; expected one` };
  }
  const standard = vpcs.find(({ isDefault }) => isDefault);
  if (standard === undefined) return { problem: `there is no default VPC, and none with the ${NETWORK_TAG} or Name tag of the source's; expected one` };
  return { vpcId: standard.vpcId, note: `its network is ${standard.vpcId}, the region's default one: none has the ${NETWORK_TAG} or Name tag of the source's` };
}
