import { ScheduleNotFoundError, type Client, type ScheduleSummary } from '@temporalio/client';
import Table from 'cli-table3';
import { Command } from 'commander';
import { withClient } from '../environment';
import { WrongUsage } from '../report-failure';

interface Common {
  readonly stack: string;
  readonly json?: boolean;
}

/** `foreshift schedule list|pause|resume|remove` */
export function scheduleCommand(): Command {
  return new Command('schedule')
    .description('What runs by itself: control ticks ("foreshift plan --every 5m"), trainings ("foreshift forecast train --schedule CRON"), rehearsals ("foreshift drill --pool shop --every 7d") and reapings ("foreshift reap --schedule 15m")')
    .addHelpText('after', '\nExamples:\n  foreshift schedule list\n  foreshift schedule pause fleet/shop --reason "black friday"\n  foreshift schedule resume fleet/shop')
    .addCommand(withStack(new Command('list').description('Every schedule, when it runs next, and whether it is paused').option('--json', 'as JSON')).action(list))
    .addCommand(change('pause', 'Nothing begins by it until resume; what runs goes on', (client, id, reason) => client.schedule.getHandle(id).pause(reason)))
    .addCommand(change('resume', 'It goes on from now; what was missed is not made up for', (client, id, reason) => client.schedule.getHandle(id).unpause(reason)))
    .addCommand(change('remove', 'Ends it for ever; what runs goes on', (client, id) => client.schedule.getHandle(id).delete()));
}

function withStack(command: Command): Command {
  return command.option('--stack <name>', 'the local cloud to use', 'default');
}

function change(name: string, description: string, act: (client: Client, id: string, reason: string) => Promise<void>): Command {
  return withStack(new Command(name).description(description).argument('<id>', 'as "foreshift schedule list" names it').option('--reason <text>', 'stands beside it', 'by an operator')).action(
    async (id: string, { stack, reason }: Common & { readonly reason: string }) => {
      await withClient(stack, async (client) => {
        await act(client, id, reason).catch((error: unknown) => {
          if (error instanceof ScheduleNotFoundError) throw new WrongUsage(`there is no schedule ${id}; "foreshift schedule list" names them`);
          throw error;
        });
      });
      console.log(`${id}: ${name === 'remove' ? 'removed' : `${name}d`}`);
    },
  );
}

async function list({ stack, json }: Common): Promise<void> {
  const found = await withClient(stack, async (client) => {
    const all: ScheduleSummary[] = [];
    for await (const summary of client.schedule.list()) all.push(summary);
    return all;
  });
  const rows = found.map((summary) => rowOf(summary)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (json === true) return console.log(JSON.stringify(rows, null, 2));
  if (rows.length === 0) return console.log('nothing is scheduled; "foreshift plan --every 5m --fleet NAME" does that');
  const table = new Table({ head: ['schedule', 'workflow', 'last', 'next', ''], style: { head: [], border: [] } });
  for (const { id, workflow, lastAt, nextAt, paused } of rows) table.push([id, workflow, lastAt ?? '', nextAt ?? '', paused === null ? '' : `paused: ${paused}`]);
  console.log(table.toString());
}

function rowOf({ scheduleId, action, state, info }: ScheduleSummary): { id: string; workflow: string; lastAt: string | null; nextAt: string | null; paused: string | null } {
  return {
    id: scheduleId,
    workflow: action?.type === 'startWorkflow' ? action.workflowType : '',
    lastAt: info.recentActions.at(-1)?.takenAt.toISOString() ?? null,
    nextAt: state.paused ? null : (info.nextActionTimes[0]?.toISOString() ?? null),
    paused: state.paused ? (state.note ?? '') : null,
  };
}
