import type { OwnerState } from './owner-state';
import { describeResource, runKey, type OwnedResource, type ResourceKind } from './owned-resource';

/** The instance that a migration moves, as it is now. */
export interface MovedSight {
  /** EC2's state name; `terminated` also where EC2 does not know it any more. */
  readonly state: string;
  /** It is a healthy target of a group of an operator's own that gets traffic. */
  readonly serves: boolean;
}

/** What there is, read at one moment. */
export interface ReapSnapshot {
  readonly resources: readonly OwnedResource[];
  /** By `runKey`. */
  readonly owners: Readonly<Record<string, OwnerState>>;
  /** By the id of the workflow that moves it. */
  readonly moved: Readonly<Record<string, MovedSight>>;
}

export interface ReapPolicy {
  /** An owner must have ended, and all of its run must be there, for so long. */
  readonly graceMs: number;
}

export interface ReapVerdict {
  readonly resource: OwnedResource;
  readonly verdict: 'reap' | 'keep' | 'needsOperator';
  readonly why: string;
  /** It belongs to a move that ended from outside, and that a recovery brings to its end. */
  readonly isRecoverable: boolean;
}

/** Routes before targets, what runs before what it runs from, capacity last. */
const ORDER: readonly ResourceKind[] = ['rule', 'targetGroup', 'instance', 'volume', 'image', 'snapshot', 'reservation'];
/** What is launched as these is nobody's until its workflow says that it is; anything else may serve without a balancer. */
const NOT_YET_SERVING: readonly string[] = ['shadow', 'replica'];

/**
 * What of the resources whose workflows have ended may be taken away, in the order in which to do it. Nothing that serves, or may be the only one that can. Where one thing of a
 * run serves that moves or routes requests, the whole run is left to an operator: what is left of it is what brings the traffic back.
 */
export function planReap({ resources, owners, moved }: ReapSnapshot, nowMs: number, { graceMs }: ReapPolicy): ReapVerdict[] {
  const byRun = new Map<string, OwnedResource[]>();
  for (const resource of resources) byRun.set(runKey(resource), [...(byRun.get(runKey(resource)) ?? []), resource]);
  const verdicts = [...byRun].flatMap(([key, run]) => planRun(run, owners[key] ?? { kind: 'unknown', why: 'nobody asked for its workflow' }, moved, nowMs, graceMs));
  return verdicts.toSorted((a, b) => ORDER.indexOf(a.resource.kind) - ORDER.indexOf(b.resource.kind));
}

function planRun(run: readonly OwnedResource[], owner: OwnerState, moved: ReapSnapshot['moved'], nowMs: number, graceMs: number): ReapVerdict[] {
  const all = (verdict: ReapVerdict['verdict'], why: string, isRecoverable = false): ReapVerdict[] => run.map((resource) => ({ resource, verdict, why, isRecoverable }));
  if (owner.kind === 'running') return all('keep', 'its workflow runs');
  if (owner.kind === 'unknown') return all('needsOperator', owner.why);
  const youngestMs = Math.max(owner.atMs, ...run.map(({ createdAtMs }) => createdAtMs ?? 0));
  if (nowMs - youngestMs < graceMs) return all('keep', `its workflow ended (${owner.how}), and it is within the grace of ${graceMs / 60_000} min`);
  if (owner.asksOperator) return all('needsOperator', 'its workflow ended by asking an operator');
  const source = moved[run[0]?.owner ?? ''];
  const held = (source === undefined ? null : mayBeTheOnlyOne(run, owner, source)) ?? (source !== undefined || run.some(leadsRequests) ? firstInUse(run) : null);
  if (held !== null) return all('needsOperator', held, source !== undefined);
  return run.map((resource): ReapVerdict => {
    const inUse = inUseBecause(resource, run);
    if (inUse === null) return { resource, verdict: 'reap', why: `its workflow ended: ${owner.how}`, isRecoverable: false };
    return { resource, verdict: resource.kind === 'reservation' && resource.isCommitted ? 'keep' : 'needsOperator', why: inUse, isRecoverable: false };
  });
}

function leadsRequests({ kind }: OwnedResource): boolean {
  return kind === 'targetGroup' || kind === 'rule';
}

function firstInUse(run: readonly OwnedResource[]): string | null {
  for (const resource of run) {
    const inUse = inUseBecause(resource, run);
    if (inUse !== null) return `of this run ${describeResource(resource)} ${inUse}`;
  }
  return null;
}

/** Why the shadow of a move may be the only one that can serve; null where it is known not to be, or is gone. */
function mayBeTheOnlyOne(run: readonly OwnedResource[], { isStateUnderWay }: Extract<OwnerState, { kind: 'ended' }>, source: MovedSight): string | null {
  if (!run.some(({ kind }) => kind === 'instance')) return null;
  if (isStateUnderWay) return 'the state of the service was on its way to the shadow: it may have the only one';
  if (source.state !== 'running') return `the source is ${source.state}: its shadow may be the only one that can serve`;
  // Groups are made right before traffic is moved: from then on it must be known who has it.
  if (run.some(leadsRequests) && !source.serves) return 'the source does not serve in its own target group: its shadow may be the only one that can';
  return null;
}

/** Why it must stay, as the end of a sentence that begins with its name; null where nothing uses it. */
export function inUseBecause(resource: OwnedResource, run: readonly OwnedResource[]): string | null {
  switch (resource.kind) {
    case 'instance': {
      const foreign = resource.listings.find(({ owner }) => owner !== resource.owner);
      if (foreign !== undefined) return `is a target of ${nameOf(foreign.targetGroupArn)} (${foreign.state})`;
      const weighted = resource.listings.find(({ weight }) => weight > 0);
      if (weighted !== undefined) return `gets traffic by ${nameOf(weighted.targetGroupArn)} (weight ${weighted.weight})`;
      return NOT_YET_SERVING.includes(resource.role) ? null : `runs as "${resource.role}" and may serve without a balancer`;
    }
    case 'targetGroup':
      return resource.weight > 0 ? `gets traffic (weight ${resource.weight})` : null;
    case 'rule':
      return resource.weight > 0 ? `leads requests (weight ${resource.weight})` : null;
    case 'reservation': {
      if (resource.isCommitted) return 'was ordered for a later date: it ends by itself';
      const own = run.filter((other) => other.kind === 'instance' && other.reservationId === resource.id && inUseBecause(other, run) === null).length;
      return resource.used > own ? `is in use by ${resource.used - own} instance(s) that are not taken away` : null;
    }
    case 'volume':
      return resource.attachedTo === null || run.some(({ id, kind }) => kind === 'instance' && id === resource.attachedTo) ? null : `is attached to ${resource.attachedTo}`;
    default:
      return null;
  }
}

function nameOf(targetGroupArn: string): string {
  return describeResource({ kind: 'targetGroup', id: targetGroupArn });
}
