import { Draft } from './draft';
import type { Fleet } from './fleet';
import type { Host } from './host';
import type { OverloadDetector } from './overload-detectors';
import type { FindHost } from './place-vm';
import { selectLeastRam } from './select-vm';

export interface Move {
  readonly vm: number;
  readonly target: Host;
}

/** The two choices that tell the published policies apart; selection is MMT in all of them. */
export interface ConsolidationRules {
  readonly isOverloaded: OverloadDetector;
  readonly findHost: FindHost;
}

/**
 * One round of dynamic consolidation (Beloglazov & Buyya 2012, as CloudSim 3.0.3 does it): relieve what is overloaded, then empty the least loaded hosts. The
 * fleet is left as it was. A VM may stand in the moves twice: relieved from one host, and evacuated from where it was to go.
 */
export function planConsolidation(fleet: Fleet, rules: ConsolidationRules): Move[] {
  const draft = new Draft(fleet);
  const overloaded = new Set(fleet.hosts.filter((host) => rules.isOverloaded(draft.load(host))));
  const relief = relieve(draft, overloaded, rules);
  const evacuation = evacuate(draft, overloaded, rules);
  draft.restore();
  return [...relief, ...evacuation];
}

function relieve(draft: Draft, overloaded: ReadonlySet<Host>, { isOverloaded, findHost }: ConsolidationRules): Move[] {
  const { fleet } = draft;
  const picked: number[] = [];
  for (const host of overloaded) {
    do {
      const vm = selectLeastRam(host, fleet);
      if (vm === null) break;
      picked.push(vm);
      draft.remove(vm, host);
    } while (isOverloaded(draft.load(host)));
  }
  const others = fleet.hosts.filter((host) => !overloaded.has(host));
  const moves: Move[] = [];
  for (const vm of byDemand(picked, fleet)) {
    const target = findHost(vm, others, draft);
    if (target === null) continue;
    draft.add(vm, target);
    moves.push({ vm, target });
  }
  return moves;
}

/** Empties hosts as long as all VMs of one find another place; a host that received something stays. */
function evacuate(draft: Draft, overloaded: ReadonlySet<Host>, { findHost }: ConsolidationRules): Move[] {
  const inUse = draft.fleet.hosts.filter((host) => host.load > 0 && !overloaded.has(host));
  const candidates = new Set(inUse);
  const targets = new Set(inUse);
  const moves: Move[] = [];
  for (let host = leastLoaded(candidates); host !== null; host = leastLoaded(candidates)) {
    candidates.delete(host);
    targets.delete(host);
    const found = placeElsewhere(host, targets, draft, findHost);
    for (const { target } of found) candidates.delete(target);
    moves.push(...found);
  }
  return moves;
}

/** A place for every VM of a host, or none for any. They stay in the host's list meanwhile, as nothing is placed there any more. */
function placeElsewhere(host: Host, targets: ReadonlySet<Host>, draft: Draft, findHost: FindHost): Move[] {
  const moves: Move[] = [];
  for (const vm of byDemand(host.tenants.map((tenant) => tenant.vm), draft.fleet)) {
    const target = findHost(vm, targets, draft);
    if (target === null) {
      for (const move of moves) draft.remove(move.vm, move.target);
      return [];
    }
    draft.add(vm, target);
    moves.push({ vm, target });
  }
  return moves;
}

/** By the load of the last update; full hosts and those without VMs are none. */
function leastLoaded(candidates: ReadonlySet<Host>): Host | null {
  let least: Host | null = null;
  for (const host of candidates) if (host.load < (least?.load ?? 1) && host.tenants.length > 0) least = host;
  return least;
}

/** The largest demand first; equals keep their order. */
const byDemand = (vms: readonly number[], { demandMips }: Fleet): number[] => [...vms].sort((a, b) => (demandMips[b] as number) - (demandMips[a] as number));
