import { Command } from 'commander';
import { applyDefaultProfile } from '../settings/apply-settings';
import { runWorker } from '../../workers/worker-main';

/** `foreshift worker` */
export function workerCommand(): Command {
  return new Command('worker')
    .description('Runs a worker until Ctrl-C')
    .addHelpText('after', '\nNeeds a Temporal server and DATABASE_URL ("foreshift config" shows which hold), AWS credentials in the environment, and "foreshift setup" once.')
    .action(async () => {
      await applyDefaultProfile();
      await runWorker(() => console.log('the worker polls'));
    });
}
