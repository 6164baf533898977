import type { Command } from 'commander';
import type { AuditFilter } from '../../contracts/audit';
import { momentGone } from '../parse-moment';
import { wholeNumber } from '../parse-options';

export interface FilterOptions {
  readonly instance?: string;
  readonly service?: string;
  readonly workflow?: string;
  readonly kind?: string;
  readonly actor?: string;
  readonly trigger?: string;
  readonly outcome?: string;
  readonly since?: number;
  readonly until?: number;
  readonly text?: string;
  readonly before?: number;
  readonly after?: number;
}

/** What records of the audit may be looked for by. */
export function withFilter(command: Command): Command {
  return command
    .option('--instance <id>', 'of one instance')
    .option('--service <name>', 'of what serves it')
    .option('--workflow <id>', 'of one workflow, such as migration/i-0123456789abcdef0')
    .option('--kind <kind>', 'decision, intent, act, readback, undo, failure, refusal, approval, operator, phase, outcome, hindsight')
    .option('--actor <name>', 'by whom: a person, a worker, foreshift:<trigger>')
    .option('--trigger <name>', 'of workflows that it started: cli, schedule, alarm, ...')
    .option('--outcome <kind>', 'of those that ended so: Completed, RolledBack, Refused, NeedsOperator')
    .option('--since <time>', 'from then on: 2h, 3d, or 2026-11-26T10:00:00Z', momentGone)
    .option('--until <time>', 'before then', momentGone)
    .option('--text <words>', 'with these words in summary or reason; "in this order", -without')
    .option('--before <seq>', 'older than this record, to go on where a list ended', wholeNumber(1))
    .option('--after <seq>', 'written after this record, by number', wholeNumber(1));
}

export function filterOf({ instance, service, workflow, kind, actor, trigger, outcome, since, until, text, before, after }: FilterOptions): AuditFilter {
  const by = actor ?? (trigger === undefined ? undefined : `foreshift:${trigger}`);
  return Object.fromEntries(
    Object.entries({ instanceId: instance, service, workflowId: workflow, kind, actor: by, outcome, sinceMs: since, untilMs: until, text, beforeSeq: before, afterSeq: after } satisfies { [field in keyof AuditFilter]-?: unknown }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}
