import { Gauge, Registry } from 'prom-client';
import type { TransferStatus } from './transfer-status';

const PHASES: readonly TransferStatus['phase'][] = ['idle', 'copying', 'ready', 'quiesced', 'released', 'stopped', 'failed', 'unsure'];
const ROLES: readonly TransferStatus['role'][] = ['undecided', 'standby', 'live', 'left'];

/** What an agent tells of itself in Prometheus' text format; what is not known yet is left out. */
export async function metricsText(status: TransferStatus): Promise<string> {
  const registry = new Registry();
  const gauge = (name: string, help: string, value: number | null): void => {
    if (value !== null) new Gauge({ name: `foreshift_transfer_${name}`, help, registers: [registry] }).set(value);
  };
  const oneOf = <T extends string>(name: string, help: string, label: string, all: readonly T[], current: T): void => {
    const states = new Gauge({ name: `foreshift_transfer_${name}`, help, labelNames: [label], registers: [registry] });
    for (const one of all) states.set({ [label]: one }, one === current ? 1 : 0);
  };
  const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1_000);
  oneOf('phase', 'Phase of the replication from here: 1 for the present one', 'phase', PHASES, status.phase);
  oneOf('role', 'Part of this side: 1 for the present one', 'role', ROLES, status.role);
  gauge('rounds', 'Rounds of the present replication', status.rounds);
  gauge('lag_bytes', 'Bytes that the peer lacks, by the rate at which they change', status.lagBytes);
  gauge('dirty_bytes_per_second', 'Rate at which the state changes', status.dirtyBytesPerSecond);
  gauge('throughput_bytes_per_second', 'Rate at which it can be sent', status.throughputBytesPerSecond);
  gauge('predicted_pause_seconds', 'How long the service would stand still if it were handed over now', seconds(status.predictedPauseMs));
  gauge('pause_seconds', 'How long it stood still when it was handed over', seconds(status.pauseMs));
  gauge('wire_bytes', 'Bytes on the wire of the running round, else of the last one', status.wireBytes);
  gauge('door_held_requests', 'Requests that wait at the door', status.door?.held ?? null);
  gauge('door_requests_in_flight', 'Requests that are under way behind the door', status.door?.inFlight ?? null);
  return registry.metrics();
}
