/** Names of what workers tell Prometheus beside Temporal's own metrics (docs/observability.md). The exporter adds `_total` to counters and `_seconds` to durations. */
export const MIGRATIONS_METRIC = 'foreshift_migrations';
export const MIGRATION_DURATION_METRIC = 'foreshift_migration_duration';
export const PHASE_DURATION_METRIC = 'foreshift_phase_duration';
export const STATE_PAUSE_METRIC = 'foreshift_state_pause';
export const VERDICTS_METRIC = 'foreshift_verdicts';
export const ACTS_METRIC = 'foreshift_acts';
