import { Command, Option } from 'commander';
import { POLICIES, type PolicyName } from '../../simulation/planetlab/policies';
import { runDay } from '../../simulation/planetlab/run-day';
import { progressBar } from '../forecast/progress-bar';
import { showActivity } from '../forecast/show-activity';
import { describeDay, reportDay } from '../simulate/describe-day';
import { dayOf, readPlanetlabDay } from '../simulate/planetlab-day';

interface PlanetlabOptions {
  readonly trace: string;
  readonly policy: PolicyName;
  readonly json?: boolean;
}

/** `foreshift simulate` */
export function simulateCommand(): Command {
  return new Command('simulate').description('Shows on recorded load what a policy would have done').addCommand(planetlabCommand());
}

function planetlabCommand(): Command {
  return new Command('planetlab')
    .description('One day of the PlanetLab benchmark of VM consolidation, by the rules of CloudSim 3.0.3: 800 hosts, a decision each 5 minutes')
    .requiredOption('--trace <file>', 'the day: DAY.csv or DAY.csv.gz, one line a VM, name,v0,...,v287 in whole percents; the order of the lines matters')
    .addOption(new Option('--policy <name>', 'what decides').choices(Object.keys(POLICIES)).makeOptionMandatory())
    .option('--json', 'as JSON; ratios are fractions there')
    .addHelpText(
      'after',
      `
The published policies move VMs of the least memory (MMT) off overloaded hosts and empty the least loaded ones. They take a host for overloaded
by a straight line through its last loads (lrr), above 80 % (thr), or above a limit from how the loads spread (iqr, mad). dvfs never moves one.
peakhold relieves a host only above 100 %, and lets it take only VMs with which it never was above 90 % at the last 30 instants.
foreshift relieves a host only above 100 %, by the VMs that are moved fastest, and fills it up to a limit on the mean and spread of what its VMs
used together in the last hour; it empties hosts each half hour.

Examples:
  foreshift simulate planetlab --trace 20110303.csv.gz --policy foreshift
  foreshift simulate planetlab --trace 20110303.csv.gz --policy lrr-mmt --json`,
    )
    .action(simulatePlanetlab);
}

async function simulatePlanetlab({ trace: file, policy, json }: PlanetlabOptions): Promise<void> {
  const activity = showActivity(process.stderr);
  try {
    activity.show('reading');
    const trace = await readPlanetlabDay(file);
    const startedMs = performance.now();
    const result = runDay(trace, POLICIES[policy], (done, of) => activity.show(progressBar(done, of)));
    const report = reportDay(dayOf(file), policy, (performance.now() - startedMs) / 1000, result);
    activity.clear();
    console.log(json === true ? JSON.stringify(report) : describeDay(report));
  } catch (error) {
    activity.clear();
    throw error;
  }
}
