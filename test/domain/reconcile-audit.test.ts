import { type AuditedRun, type KnownRun, reconcileAudit } from '../../src/domain/reconcile-audit';

const known = (id: string, status = 'Completed'): KnownRun => ({ workflowId: `migration/${id}`, runId: `run-${id}`, status });
const audited = (id: string, more: Partial<AuditedRun> = {}): AuditedRun => ({ workflowId: `migration/${id}`, runId: `run-${id}`, records: 9, hasEnd: true, lastAtMs: 1_000, ...more });

describe('holding the audit against Temporal', () => {
  it('finds nothing where each has what the other has', () => {
    expect(reconcileAudit([known('i-1'), known('i-2', 'Running')], [audited('i-1'), audited('i-2', { hasEnd: false })], 0)).toEqual([]);
  });

  it('names runs without records, and runs whose end is not told, such as one that was terminated', () => {
    expect(reconcileAudit([known('i-1'), known('i-2', 'Terminated')], [audited('i-2', { hasEnd: false })], 0)).toEqual([
      { workflowId: 'migration/i-1', runId: 'run-i-1', problem: 'Completed in Temporal, and the audit has no record of it' },
      { workflowId: 'migration/i-2', runId: 'run-i-2', problem: 'Terminated in Temporal, and the audit does not tell how it ended' },
    ]);
  });

  it('names runs of the audit that Temporal should still know, and none that it may have forgotten', () => {
    expect(reconcileAudit([], [audited('i-1'), audited('i-2', { lastAtMs: 499 })], 500)).toEqual([
      { workflowId: 'migration/i-1', runId: 'run-i-1', problem: '9 records in the audit, and Temporal does not know the run' },
    ]);
  });

  it('tells two runs of one instance apart', () => {
    expect(reconcileAudit([known('i-1'), { ...known('i-1'), runId: 'second' }], [audited('i-1')], 0)).toMatchObject([{ runId: 'second' }]);
  });
});
