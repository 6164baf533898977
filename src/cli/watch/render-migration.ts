import pc from 'picocolors';
import type { MigrationStatus } from '../../contracts/migrate-instance';
import { MIGRATION_PHASES } from '../../domain/migration-phase';
import { describePhase } from '../describe-phase';

const BAR_CELLS = 20;
const MIB = 1_048_576;

/** A running migration as it stands in a terminal: where it is, what the shadow takes and how far its state is, what the judge says, what is waited for, and what was. */
export function renderMigration(status: MigrationStatus, nowMs: number): string {
  const { instanceId, outcome, phase, paused, aborting, awaitingApproval, shadowId, shadowPercent, region, sync, lastVerdict, undo, left, phases } = status;
  const [begun] = phases;
  const field = (name: string, text: string): string => `${pc.dim(name.padEnd(9))}${text}`;
  return [
    `${pc.bold(instanceId)}  ${colourOf(status)(outcome ?? phase)}${paused ? pc.yellow('  paused') : ''}${aborting === null ? '' : pc.yellow(`  aborting: ${aborting}`)}${begun === undefined || outcome !== null ? '' : pc.dim(`  ${span(nowMs - begun.startedAtMs)}`)}`,
    track(status),
    ...(shadowId === null ? [] : [field('shadow', `${bar(shadowPercent)} ${shadowPercent} % of the traffic  ${shadowId}${region === undefined ? '' : ` in ${region}`}`)]),
    ...(sync === null ? [] : [field('state', `${sync.lagBytes === null ? '' : `${(sync.lagBytes / MIB).toFixed(1)} MiB behind  `}${sync.predictedPauseMs === null ? '' : `pause of about ${Math.round(sync.predictedPauseMs)} ms  `}${sync.why}`)]),
    ...(lastVerdict === null ? [] : [field('judge', lastVerdict)]),
    ...(awaitingApproval === null ? [] : [field('waits', `until ${new Date(awaitingApproval.untilMs).toISOString()} for: ${pc.cyan(`foreshift approve ${instanceId} --plan ${awaitingApproval.planHash}`)}`)]),
    ...(undo.length === 0 || outcome !== null ? [] : [field('way back', undo.join('; '))]),
    ...(left.length === 0 ? [] : [field('left', pc.red(left.join('; ')))]),
    '',
    ...phases.map((one) => describePhase(one.endedAtMs === undefined && outcome === null ? { ...one, endedAtMs: nowMs } : one)),
  ].join('\n');
}

/** The phases in their order: those behind, the one it is in, those ahead. */
function track({ phase, outcome }: MigrationStatus): string {
  const at = outcome === 'Completed' ? MIGRATION_PHASES.length : MIGRATION_PHASES.findIndex((one) => one === phase);
  if (at < 0) return pc.yellow('↩ the way back');
  return MIGRATION_PHASES.map((one, i) => (i < at ? pc.green(`✓ ${one}`) : i === at ? pc.bold(pc.cyan(`▶ ${one}`)) : pc.dim(one))).join('  ');
}

function bar(percent: number): string {
  const full = Math.round((percent / 100) * BAR_CELLS);
  return pc.cyan('█'.repeat(full)) + pc.dim('░'.repeat(BAR_CELLS - full));
}

function colourOf({ outcome, phase }: MigrationStatus): (text: string) => string {
  if (outcome === 'Completed') return pc.green;
  if (outcome === 'NeedsOperator') return pc.red;
  return outcome !== null || phase === 'rollback' ? pc.yellow : pc.cyan;
}

function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
