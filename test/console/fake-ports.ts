import { openApprovals } from '../../src/console/server/ports/open-approvals';
import type { ConsolePorts } from '../../src/console/server/ports/console-ports';
import type { FleetView } from '../../src/console/console-api';
import { ACCURACY, CAPACITY, DETAIL, FORECAST, INSTANCES, INSTANCE_DETAIL, PLAN, PROFILE, QUEUES } from './sample-data';

/** A fake of everything that the console reads and does; what was done, and how often the fleet was read, can be asked. */
export function fakePorts(fleet: () => Omit<FleetView, 'trouble'> = () => ({ migrations: [], plans: [] })) {
  const done: unknown[] = [];
  const reads = { fleet: 0, afterSeqs: [] as number[] };
  const did = (what: string) => async (id: string, args: object) => {
    done.push([what, id, args]);
    return what;
  };
  const links = openApprovals(fakeLinks(), { approveMigration: did('approved'), approvePlan: did('plan approved') });
  const ports: ConsolePorts = {
    readFleet: async () => {
      reads.fleet += 1;
      return fleet();
    },
    readMigration: async (instanceId, afterSeq) => {
      reads.afterSeqs.push(afterSeq);
      return instanceId === DETAIL.migration.instanceId ? { ...DETAIL, records: DETAIL.records.filter(({ seq }) => seq > afterSeq) } : null;
    },
    readPlan: async (planId) => (planId === PLAN.planId ? PLAN : null),
    readInstances: async () => INSTANCES,
    readInstance: async (instanceId) => (instanceId === INSTANCE_DETAIL.instanceId ? INSTANCE_DETAIL : { instanceId, row: null, move: null, forecasts: [] }),
    readForecast: async (instanceId, metric) => (instanceId === INSTANCE_DETAIL.instanceId && metric === 'cpuPercent' ? FORECAST : null),
    searchAudit: async ({ text }) => (text === 'nothing' ? [] : [...DETAIL.records]),
    exportAudit: async function* () {
      yield* DETAIL.records;
    },
    verifyAudit: async () => ({ intact: true, records: DETAIL.records.length, head: '1', problems: [], signed: 2, signedToSeq: 5 }),
    readCapacity: async () => CAPACITY,
    readQueues: async () => QUEUES,
    suggestShapes: async (name) => {
      done.push(['suggested', name]);
      return { shapes: [], left: [{ id: 'web-1', reason: 'nothing is cheaper' }], notes: [] };
    },
    readAccuracy: async () => ACCURACY,
    readProfiles: async () => [PROFILE],
    abortMigration: did('goes back'),
    approveMigration: did('approved'),
    approvePlan: did('plan approved'),
    lookAtApproval: links.lookAtApproval,
    approveByLink: links.approveByLink,
    declinePlan: did('plan declined'),
  };
  return { ports, done, reads };
}

/** One link, `good`, for the approval of a move. */
function fakeLinks(): Parameters<typeof openApprovals>[0] {
  let left = ['good'];
  const linked = (secret: string) => (left.includes(secret) ? { wanted: { planHash: 'h', untilMs: 4_102_444_800_000, subject: { kind: 'migration', instanceId: 'i-1' } as const }, channel: 'oncall' } : null);
  return {
    find: async (secret) => linked(secret),
    spend: async (secret) => {
      const found = linked(secret);
      left = left.filter((one) => one !== secret);
      return found;
    },
    restore: async (secret) => void left.push(secret),
  };
}
