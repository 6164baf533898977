import { stripVTControlCharacters } from 'node:util';
import type { MigrationStatus } from '../../../src/contracts/migrate-instance';
import { renderMigration } from '../../../src/cli/watch/render-migration';

const BEGAN: MigrationStatus = { instanceId: 'i-1', phase: 'forecast', outcome: null, paused: false, aborting: null, awaitingApproval: null, planHash: null, shadowId: null, reservation: null, shadowPercent: 0, lastVerdict: null, sync: null, phases: [{ phase: 'forecast', startedAtMs: 0 }], undo: [], left: [] };
const shown = (status: Partial<MigrationStatus>, nowMs = 65_000): string[] => stripVTControlCharacters(renderMigration({ ...BEGAN, ...status }, nowMs)).split('\n');

describe('A migration that is watched', () => {
  it('shows where it is, for how long, and what is ahead', () => {
    const lines = shown({ phase: 'plan', phases: [{ phase: 'forecast', startedAtMs: 0, endedAtMs: 2_000, note: 'contention ahead' }, { phase: 'plan', startedAtMs: 2_000 }] });
    expect(lines[0]).toBe('i-1  plan  1 min 05 s');
    expect(lines[1]).toBe('✓ forecast  ▶ plan  approve  reserve  shadow  sync  verify  ramp  bake  drain  retire  release');
    expect(lines.slice(-2)).toEqual(['  ✓ forecast    2.0 s  contention ahead', '  ✓ plan       63.0 s  ']);
  });

  it('shows what the shadow takes, how far its state is, and what the judge says', () => {
    const lines = shown({ phase: 'ramp', shadowId: 'i-2', shadowPercent: 50, region: 'us-west-2', sync: { lagBytes: 5_242_880, predictedPauseMs: 61.7, why: 'round 3' }, lastVerdict: 'pass, 49 requests' });
    expect(lines).toEqual(expect.arrayContaining(['shadow   ██████████░░░░░░░░░░ 50 % of the traffic  i-2 in us-west-2', 'state    5.0 MiB behind  pause of about 62 ms  round 3', 'judge    pass, 49 requests']));
  });

  it('tells what to type where it waits for somebody, and what a rollback would undo', () => {
    const lines = shown({ phase: 'approve', paused: true, awaitingApproval: { planHash: 'abc', untilMs: 0 }, undo: ['terminate the shadow', 'delete the image'] });
    expect(lines[0]).toContain('paused');
    expect(lines).toEqual(expect.arrayContaining(['waits    until 1970-01-01T00:00:00.000Z for: foreshift approve i-1 --plan abc', 'way back terminate the shadow; delete the image']));
  });

  it('shows the way back, and what is left for an operator', () => {
    expect(shown({ phase: 'rollback', aborting: 'not today' })[0]).toBe('i-1  rollback  aborting: not today  1 min 05 s');
    expect(shown({ phase: 'rollback' })[1]).toBe('↩ the way back');
    expect(shown({ phase: 'done', outcome: 'NeedsOperator', left: ['instance i-2'] })).toEqual(expect.arrayContaining(['i-1  NeedsOperator', 'left     instance i-2']));
    expect(shown({ phase: 'done', outcome: 'Completed' })[1]).toBe('✓ forecast  ✓ plan  ✓ approve  ✓ reserve  ✓ shadow  ✓ sync  ✓ verify  ✓ ramp  ✓ bake  ✓ drain  ✓ retire  ✓ release');
  });
});
