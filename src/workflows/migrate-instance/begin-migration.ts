import { upsertSearchAttributes } from '@temporalio/workflow';
import type { MigrateInstanceInput } from '../../contracts/migrate-instance';
import type { Owner } from '../../contracts/migration-activities';
import { INSTANCE_ATTRIBUTE, SERVICE_ATTRIBUTE, TRIGGER_ATTRIBUTE } from '../../contracts/search-attributes';
import { UndoStack } from '../undo-stack';
import { locals } from './activities';
import { Controls } from './controls';
import type { Migration } from './migration';
import { placeOf } from './place';
import { withOverrides } from './policy-overrides';
import { Progress } from './progress';

/**
 * What every phase is given, and what the messages of a migration are answered by.
 *
 * @param owner whose tags are on what the migration makes
 */
export async function beginMigration(input: MigrateInstanceInput, owner: Owner, trigger: string): Promise<Migration> {
  const undo = new UndoStack();
  const progress = new Progress(input.instanceId, trigger);
  const controls: Controls = new Controls(() =>
    progress.status({ paused: controls.paused, aborting: controls.aborting, awaitingApproval: controls.gate }, undo.names()),
  );
  upsertSearchAttributes([
    { key: INSTANCE_ATTRIBUTE, value: input.instanceId },
    { key: TRIGGER_ATTRIBUTE, value: trigger },
    { key: SERVICE_ATTRIBUTE, value: 'unknown' },
  ]);
  const policy = withOverrides(await locals.resolvePolicy(), input);
  progress.consoleUrl = policy.consoleUrl ?? null;
  const here = placeOf(policy.pollMs);
  return {
    input,
    owner,
    policy,
    progress,
    controls,
    undo,
    waiting: here.waiting,
    here,
    there: here,
    passPointOfNoReturn: () => {
      controls.noReturn = `${input.instanceId} is past the point of no return: its replacement serves and the source is being terminated`;
    },
  };
}

