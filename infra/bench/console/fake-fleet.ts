import type { MigrationRow } from '../../../src/console/console-api';
import type { InstanceRow, InstancesView } from '../../../src/console/instance-api';
import type { ConsolePorts } from '../../../src/console/server/ports/console-ports';

const BEGAN_MS = 1_790_000_000_000;

/** A fleet whose migrations all change whenever they are read; `onRead` hears of each reading. What nobody looks at here is refused. */
export function fakeFleet({ migrations, instances, onRead }: { readonly migrations: number; readonly instances: number; readonly onRead: () => void }): ConsolePorts {
  let tick = 0;
  const view = instancesOf(instances);
  const known: Partial<ConsolePorts> = {
    readFleet: async () => {
      tick += 1;
      onRead();
      return { migrations: Array.from({ length: migrations }, (_, i) => migrationOf(i, tick)), plans: [] };
    },
    readInstances: async () => view,
  };
  const refuse = () => Promise.reject(new Error('not asked for here'));
  return new Proxy(known, { get: (target, name) => (Reflect.get(target, name) as unknown) ?? refuse }) as ConsolePorts;
}

function migrationOf(i: number, tick: number): MigrationRow {
  const instanceId = idOf(i);
  return { instanceId, workflowId: `migration/${instanceId}`, runId: 'r', state: 'RUNNING', phase: (i + tick) % 2 === 0 ? 'sync' : 'ramp', outcome: null, startedAtMs: BEGAN_MS + i, endedAtMs: null, status: null, temporalUrl: null };
}

function instancesOf(instances: number): InstancesView {
  const rows = Array.from({ length: instances }, (_, i): InstanceRow => {
    const hot = i % 20 === 0;
    return {
      instanceId: idOf(i), name: `node-${i}`, fleet: 'shop', service: `service-${i % 40}`, poolId: `us-east-1${'abc'[i % 3]}`, shape: 'm7i.large', cpuPercent: (i * 7) % 100, cpuAheadPercent: (i * 11) % 120, overloadMinutes: hot ? i % 300 : 0,
      runsOutAtMs: hot ? BEGAN_MS + i * 1_000 : null, planned: null, held: 'm7i.large costs 2.42 USD with 0.0 min expected overload: no other shape is worth a move', planId: 'plan-1', plannedAtMs: BEGAN_MS,
    };
  });
  return { atMs: BEGAN_MS, horizonMs: 86_400_000, quantile: 0.95, cpuLimitPercent: 85, rows };
}

function idOf(i: number): string {
  return `i-${String(i).padStart(5, '0')}`;
}
