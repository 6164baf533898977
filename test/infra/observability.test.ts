import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ACTS_METRIC, MIGRATION_DURATION_METRIC, MIGRATIONS_METRIC, PHASE_DURATION_METRIC, STATE_PAUSE_METRIC, VERDICTS_METRIC } from '../../src/contracts/metrics';

const read = (...path: string[]): string => readFileSync(join(__dirname, '../..', ...path), 'utf8');
const told = [
  ...[MIGRATIONS_METRIC, VERDICTS_METRIC, ACTS_METRIC].map((name) => `${name}_total`),
  ...[MIGRATION_DURATION_METRIC, PHASE_DURATION_METRIC, STATE_PAUSE_METRIC].map((name) => `${name}_seconds_bucket`),
];
/** The agents' are tested where they are made. */
const ofAgents = ['foreshift_transfer_lag_bytes', 'foreshift_transfer_predicted_pause_seconds'];
const rules = (parse(read('infra/observability/alerts.yaml')) as { groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[] }).groups.flatMap((group) => group.rules);
const panels = (JSON.parse(read('infra/observability/grafana-dashboard.json')) as { panels: { id: number; title: string; targets: { expr: string }[] }[] }).panels;

function metricsOf(expressions: readonly string[]): string[] {
  return [...new Set(expressions.flatMap((expression) => expression.match(/\bforeshift_\w+/g) ?? []))];
}

describe('alert rules and dashboard', () => {
  it('ask for nothing that no worker and no agent tells', () => {
    const asked = metricsOf([...rules.map(({ expr }) => expr), ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))]);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((name) => !told.includes(name) && !ofAgents.includes(name))).toEqual([]);
  });

  it('are each told of in the documentation', () => {
    const page = read('docs/observability.md');
    for (const { alert, annotations } of rules) {
      expect(page).toContain(`\`${alert}\``);
      expect(annotations.summary).not.toBe('');
    }
    for (const name of told) expect(page).toContain(name.replace(/_bucket$/, ''));
  });

  it('have panels of their own ids', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });
});
