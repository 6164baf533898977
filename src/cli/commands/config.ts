import { Command } from 'commander';
import type { AppliedSettings } from '../settings/apply-settings';
import { describeSettings, settingRows } from '../settings/describe-settings';

/** `foreshift config` */
export function configCommand(settings: AppliedSettings): Command {
  return new Command('config')
    .description('Shows which settings hold, and where each comes from')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  foreshift config\n  foreshift --profile prod config --json')
    .action(({ json }: { json?: boolean }) => console.log(json === true ? JSON.stringify({ file: settings.file, settings: settingRows(settings) }, null, 2) : describeSettings(settings)));
}
