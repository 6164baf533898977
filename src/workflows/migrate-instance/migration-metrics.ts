import { metricMeter } from '@temporalio/workflow';
import { MIGRATION_DURATION_METRIC, MIGRATIONS_METRIC, PHASE_DURATION_METRIC, STATE_PAUSE_METRIC, VERDICTS_METRIC } from '../../contracts/metrics';

// Not counted again when a history is replayed: the SDK sees to that.
const migrations = metricMeter.createCounter(MIGRATIONS_METRIC, undefined, 'Migrations that ended, by outcome');
const durations = metricMeter.createHistogram(MIGRATION_DURATION_METRIC, 'float', 'seconds', 'From start to end of a migration, by outcome');
const phases = metricMeter.createHistogram(PHASE_DURATION_METRIC, 'float', 'seconds', 'Time spent in a phase of a migration');
const pauses = metricMeter.createHistogram(STATE_PAUSE_METRIC, 'float', 'seconds', 'How long a service stood still while its state was handed over');
const verdicts = metricMeter.createCounter(VERDICTS_METRIC, undefined, 'What the judge said of shadows, by verdict');

export function countMigration(outcome: string, tookMs: number): void {
  migrations.add(1, { outcome });
  durations.record(tookMs / 1_000, { outcome });
}

export function countPhase(phase: string, tookMs: number): void {
  phases.record(tookMs / 1_000, { phase });
}

export function countPause(pauseMs: number): void {
  pauses.record(pauseMs / 1_000);
}

export function countVerdict(verdict: string): void {
  verdicts.add(1, { verdict });
}
