import { Command } from 'commander';
import { explainCommand } from '../shapes/explain-command';
import { listCommand } from '../shapes/list-command';
import { suggestCommand } from '../shapes/suggest-command';

/** `foreshift shapes list|explain|suggest` */
export function shapesCommand(): Command {
  return new Command('shapes')
    .description('What instances can be: every shape with its limits and price, which one fits a demand and why, and new ones made for the demand that was seen')
    .addHelpText(
      'after',
      `
Types and offerings come from EC2, prices from the Pricing API and the spot market; where those do not answer, from a dated snapshot, and each price says so.

Examples:
  foreshift shapes list --tier medium --architecture arm64 --sort price
  foreshift shapes explain m7i.large
  foreshift shapes explain --vcpus 6 --memory-gib 20 --average-vcpus 2 --tradeoff 0.3 --count 1-4
  foreshift shapes explain --vcpus 1.5 --memory-gib 6 --instead-of m5.xlarge
  foreshift shapes suggest --history loads/ --present m7i.2xlarge --save own-shapes.json
  foreshift shapes list --custom own-shapes.json

own-shapes.json: [{"name": "web", "instanceType": "m7i.large", "count": 2, "usdPerHour": 0.07}]`,
    )
    .addCommand(listCommand())
    .addCommand(explainCommand())
    .addCommand(suggestCommand());
}
