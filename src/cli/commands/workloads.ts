import { Command } from 'commander';
import { addDetectCommand } from '../workloads/detect-command';
import { addScaleCommands } from '../workloads/scale-commands';
import { addTagCommands } from '../workloads/tag-commands';

/** `foreshift workloads scale|status|stop|tag|untag|list|show|detect` */
export function workloadsCommand(): Command {
  const workloads = new Command('workloads').description('Looks after the capacity of workloads by their profiles and calendars, and keeps their tags').addHelpText(
    'after',
    `
Examples:
  foreshift workloads scale -f web.json
  foreshift workloads status app=web
  foreshift workloads stop app=web --reason "the season is over"
  foreshift workloads tag i-0123456789abcdef0 app=web tier=front --reason "new shop"
  foreshift workloads detect i-0123456789abcdef0 --last 6h
  foreshift workloads show i-0123456789abcdef0`,
  );
  addScaleCommands(workloads, common);
  addTagCommands(workloads, common);
  addDetectCommand(workloads, common);
  return workloads;
}

function common(command: Command): Command {
  return command.option('--stack <name>', 'the local cloud to use', 'default').option('--json', 'as JSON');
}
