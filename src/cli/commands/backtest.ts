import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { familyOf, type Shape } from '../../domain/shape';
import { buildFleetCase } from '../../simulation/fleet/build-case';
import { comparePolicies } from '../../simulation/fleet/compare-policies';
import type { FleetCase } from '../../simulation/fleet/fleet-case';
import { BASELINES, policiesOf, type Baseline, type NamedPlan } from '../../simulation/fleet/policies-by-name';
import { replayFleet, type ReplayResult } from '../../simulation/fleet/replay';
import { backtestPage } from '../backtest/backtest-page';
import { SCORE_NOTES, scoreTable } from '../backtest/describe-scores';
import { readFleet, readFolder, type FleetHistory } from '../backtest/read-loads';
import { readPolicies } from '../backtest/read-policies';
import { snapshotShapes } from '../backtest/snapshot-shapes';
import { alignColumns } from '../forecast/align-columns';
import { timeSpan } from '../forecast/forecast-options';
import { progressBar } from '../forecast/progress-bar';
import { showActivity } from '../forecast/show-activity';
import { WrongUsage } from '../report-failure';

interface BacktestOptions {
  readonly history?: string;
  readonly fleet?: string;
  readonly policy: readonly string[];
  readonly compare: readonly Baseline[];
  readonly targets: readonly number[];
  readonly warmUp: number;
  readonly shape: string;
  readonly unit: 'percent' | 'scaled';
  readonly stack: string;
  readonly json?: boolean;
  readonly html?: string;
}

/** `foreshift backtest` */
export function backtestCommand(): Command {
  return new Command('backtest')
    .description('Replays a fleet\'s recorded load under the planner and under other ways of sizing: overload, cost, moves, and what perfect foresight would have reached')
    .option('--history <dir>', 'CSV files with the columns timestamp,value (also in gzip), one an instance')
    .option('--fleet <name>', 'instead: the instances with the tag foreshift:fleet of this value, two weeks of their CPU from CloudWatch')
    .option('--policy <file>', 'JSON of what differs from the default policy; may be given several times, to compare settings', (file: string, before: readonly string[]) => [...before, file], [] as readonly string[])
    .option('--compare <names>', `with commas between: ${BASELINES.join(', ')}`, baselines, ['hold', 'reactive', 'hourly-predictive', 'oracle'])
    .option('--targets <percents>', 'target utilizations of reactive and hourly-predictive', percents, [50, 60, 70])
    .addOption(new Option('--warm-up <span>', 'history that every policy knows before the replay begins').argParser(timeSpan).default(timeSpan('7d'), '7d'))
    .option('--shape <type>', 'what the instances of --history ran on', 'm7i.2xlarge')
    .addOption(new Option('--unit <name>', 'values are percent of the shape, or anything: then scaled so that the high load of the warm-up is 60 % of it').choices(['percent', 'scaled']).default('percent'))
    .option('--stack <name>', 'the local cloud to use with --fleet', 'default')
    .option('--json', 'as JSON')
    .option('--html <file>', 'also as a page')
    .addHelpText(
      'after',
      `
Every policy moves by the same means: a move takes its launch, sync, ramp and bake, both sides are paid for meanwhile, and values are known five minutes late.

Examples:
  foreshift backtest --history loads/ --unit scaled
  foreshift backtest --fleet shop --policy careful.json --policy frugal.json --compare reactive,oracle --html shop.html

careful.json: {"sizing": {"overloadCostRatio": {"standard": 60}}, "cooldownMs": 14400000, "shrink": false}`,
    )
    .action(backtest);
}

async function backtest(options: BacktestOptions): Promise<void> {
  const activity = showActivity(process.stderr);
  try {
    activity.show('reading');
    const policies = await readPolicies(options.policy);
    const history = await readHistory(options);
    const results: ReplayResult[] = [];
    for (const [i, plan] of policies.entries()) {
      // What a move takes is a policy's own: each has a fleet of its own.
      const fleet = caseOf(history, plan, options);
      results.push(...(await replayFleet(fleet, policiesOf(fleet, [plan], i === 0 ? options.compare : [], options.targets), (done, of) => activity.show(`${plan.name} ${progressBar(done, of)}`))));
    }
    activity.clear();
    const [first] = policies as [NamedPlan];
    const scores = comparePolicies(caseOf(history, first, options), results, first.policy.sizing);
    const title = `backtest of ${history.loads.length} instances: ${options.history ?? options.fleet}`;
    if (options.html !== undefined) await writeFile(options.html, backtestPage(title, scores));
    if (options.json === true) console.log(JSON.stringify({ instances: history.loads.map(({ id }) => id), scores }, null, 2));
    else console.log([title, ...alignColumns(scoreTable(scores)), ...SCORE_NOTES].join('\n'));
  } finally {
    activity.clear();
  }
}

async function readHistory({ history, fleet, shape, stack }: BacktestOptions): Promise<FleetHistory> {
  if ((history === undefined) === (fleet === undefined)) throw new WrongUsage('expected one of --history DIR and --fleet NAME');
  return history === undefined ? readFleet(fleet as string, stack, Date.now()) : readFolder(history, shapeOf(shape));
}

function shapeOf(name: string): Shape {
  const shape = snapshotShapes(familyOf(name)).find((one) => one.name === name);
  if (shape === undefined) throw new WrongUsage(`--shape: ${name} is not known; expected a size from large on of an m, c or r family, such as m7i.2xlarge`);
  return shape;
}

function caseOf({ loads, stepMs }: FleetHistory, { policy }: NamedPlan, { warmUp, unit }: BacktestOptions): FleetCase {
  const shapes = [...new Set(loads.map(({ shape }) => shape.family))].flatMap((family) => snapshotShapes(family));
  const unknown = loads.find(({ shape }) => !shapes.some(({ name }) => name === shape.name));
  if (unknown !== undefined) throw new WrongUsage(`${unknown.id} runs on ${unknown.shape.name}, whose family cannot be replayed yet`);
  const above = unit === 'percent' ? loads.find(({ values }) => values.some((value) => value !== null && value > 100)) : undefined;
  if (above !== undefined) throw new WrongUsage(`--unit: ${above.id} has values above 100, which is no percentage; --unit scaled takes any`);
  try {
    return buildFleetCase(loads, { stepMs, warmUpMs: warmUp, unit, shapes, policy });
  } catch (error) {
    if (error instanceof RangeError) throw new WrongUsage(error.message);
    throw error;
  }
}

function baselines(text: string): Baseline[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !(BASELINES as readonly string[]).includes(name));
  if (wrong !== undefined) throw new InvalidArgumentError(`Expected names out of ${BASELINES.join(', ')}, with commas between; ${wrong} is none.`);
  return names as Baseline[];
}

function percents(text: string): number[] {
  const values = text.split(',').map(Number);
  if (values.length === 0 || !values.every((value) => value >= 1 && value <= 100)) throw new InvalidArgumentError('Expected percentages from 1 to 100, with commas between.');
  return values;
}
