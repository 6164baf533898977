import { Command } from 'commander';
import { runWorker } from '../../workers/worker-main';

/** `foreshift worker` */
export function workerCommand(): Command {
  return new Command('worker')
    .description('Runs a worker until Ctrl-C')
    .addHelpText('after', '\nNeeds TEMPORAL_ADDRESS, DATABASE_URL and AWS credentials in the environment.')
    .action(() => runWorker(() => console.log('the worker polls')));
}
