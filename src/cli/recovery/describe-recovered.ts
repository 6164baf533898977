import type { RecoverMigrationResult } from '../../contracts/recover-migration';
import { RECOVERY_WAYS, type RecoveryWay } from '../../domain/recovery/assess-move';
import { describeFailure } from '../describe-failure';

const OPTIONS: Readonly<Record<RecoveryWay, string>> = { rollBack: '--roll-back', continue: '--continue', adopt: '--adopt' };

/** What state the world is in and which ways are safe, or how the way that was taken ended. */
export function describeRecovered(instanceId: string, { assessment: { sentence, proposal, refusals }, found, ended }: RecoverMigrationResult): string {
  if (ended === null) {
    return [
      sentence,
      ...found.map((one) => `  there is also: ${one}`),
      ...RECOVERY_WAYS.map((way) => `  ${OPTIONS[way].padEnd(12)} ${refusals[way] ?? 'safe'}${way === proposal ? '  <- proposed' : ''}`),
      proposal === null ? 'nothing is proposed' : `proposed: foreshift recover ${instanceId} ${OPTIONS[proposal]}`,
    ].join('\n');
  }
  if (ended.kind !== 'Completed') return describeFailure(ended);
  return [`completed: ${ended.instanceId} is replaced by ${ended.replacementId} (${ended.shape} in ${ended.zone})`, ...ended.notes.map((note) => `  ${note}`)].join('\n');
}
