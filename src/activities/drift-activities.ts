import { nullIfNotFound } from '../contracts/errors';
import type { DriftActivities } from '../contracts/reap-orphans';
import { describeDrift, findDrift, type Drift, type Intent, type RealState } from '../domain/recovery/find-drift';
import type { ComputePort } from './compute-port';
import { stateOf } from './instance-state';
import type { IntentDirectory } from './intent-port';
import type { OwnedResourcePort, RunDirectory } from './owned-resource-port';
import type { ReservationPort } from './reservation-port';

export interface DriftDependencies {
  readonly intents: IntentDirectory;
  readonly runs: RunDirectory;
  readonly owned: Pick<OwnedResourcePort, 'traffic'>;
  readonly compute: Pick<ComputePort, 'describe'>;
  readonly reservations: Pick<ReservationPort, 'state'>;
  /** Between two looks: what is just being changed is as meant by then. */
  readonly betweenLooksMs: number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** So many are told. */
const MOST_TOLD = 100;

/** Holds what running workflows mean against what AWS has, twice. */
export function createDriftActivities({ intents, runs, owned, compute, reservations, betweenLooksMs, sleep }: DriftDependencies): DriftActivities {
  const realFor = async (meant: readonly Intent[]): Promise<RealState> => {
    const traffic = await owned.traffic();
    const byId = async (ids: readonly string[], look: (id: string) => Promise<string>): Promise<Record<string, string>> => Object.fromEntries(await Promise.all([...new Set(ids)].map(async (id) => [id, await look(id)] as const)));
    const makers = [...traffic.groups, ...traffic.routes].flatMap(({ owner, runId }) => (owner === null || meant.some(({ workflowId }) => workflowId === owner) ? [] : [{ workflowId: owner, runId: runId ?? '' }]));
    const ended: string[] = [];
    for (const maker of makers) if (!ended.includes(maker.workflowId) && (await runs.look(maker)).kind === 'closed') ended.push(maker.workflowId);
    return {
      traffic,
      ended,
      reservations: await byId(meant.flatMap((one) => (one.kind === 'hold' ? one.reservationIds : one.kind === 'move' && one.reservationId !== null ? [one.reservationId] : [])), async (id) => (await reservations.state(id).catch(nullIfNotFound)) ?? 'gone'),
      instances: await byId(meant.flatMap((one) => (one.kind === 'replicas' ? one.instanceIds : one.kind === 'move' && one.shadowId !== null ? [one.shadowId] : [])), (id) => stateOf(compute, id)),
    };
  };
  const look = async (): Promise<{ readonly found: readonly Drift[]; readonly silent: readonly string[] }> => {
    const { intents: meant, silent } = await intents.running();
    return { found: findDrift(meant, await realFor(meant)), silent };
  };

  return {
    async checkDrift() {
      const first = await look();
      if (first.found.length === 0) return { drift: [], silent: first.silent };
      await sleep(betweenLooksMs);
      const second = await look();
      const before = new Set(first.found.map(describeDrift));
      return { drift: second.found.filter((one) => before.has(describeDrift(one))).slice(0, MOST_TOLD), silent: second.silent };
    },
  };
}
