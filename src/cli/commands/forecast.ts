import { Command } from 'commander';
import { forecastBatchCommand } from './forecast-batch';

/** `foreshift forecast` */
export function forecastCommand(): Command {
  return new Command('forecast').description('Forecasts load as a distribution').addCommand(forecastBatchCommand());
}
