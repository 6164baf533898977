import { Command, Option } from 'commander';
import { incompatibility } from '../../domain/shapes/incompatibility';
import { needsOf } from '../../domain/shapes/instance-needs';
import { replacementsOf } from '../../domain/shapes/replacements-of';
import { selectShape } from '../../domain/shapes/select-shape';
import { tallyRefusals } from '../../domain/shapes/shape-refusals';
import { tierOf } from '../../domain/shapes/tiers';
import { timeSpan } from '../forecast/forecast-options';
import { describeNamed, describeSelection, describeShape } from './describe-shapes';
import { readLibrary, type ShapeLibrary } from './read-catalogue';
import { requestFrom, shapeNamed, type DemandOptions } from './selection-request';
import { names, positive, range, withLibraryOptions, type LibraryOptions } from './shape-options';

/** `foreshift shapes explain` */
export function explainCommand(): Command {
  return withLibraryOptions(new Command('explain'))
    .description('All about one shape; or, for a demand, which shape fits, the ranking, and why the others do not')
    .argument('[shape]', 'such as m7i.large; or one of your own with --custom')
    .option('--vcpus <number>', 'peak demand of all instances together', positive)
    .option('--memory-gib <number>', 'peak demand', positive)
    .option('--network-gbps <number>', 'demand, at the peak and on average', positive)
    .option('--ebs-mbps <number>', 'demand, at the peak and on average', positive)
    .option('--average-vcpus <number>', 'on average; default: the peak', positive)
    .option('--average-memory-gib <number>', 'on average; default: the peak', positive)
    .addOption(new Option('--duration <span>', 'for how long').argParser(timeSpan).default(timeSpan('24h'), '24h'))
    .option('--tradeoff <number>', '0: cost alone, 1: performance alone', positive, 0)
    .option('--count <range>', 'how many instances: 3, or 1-4', range, { minimum: 1, maximum: 1 })
    .option('--target <percent>', 'utilization that must not be exceeded', positive, 80)
    .option('--instead-of <shape>', 'only what an instance of this shape can become')
    .option('--architecture <name>', 'x86_64, arm64')
    .option('--families <names>', 'only these, with commas between', names)
    .option('--allow <names>', 'only these shapes', names)
    .option('--deny <names>', 'not these shapes', names)
    .option('--max-usd <amount>', 'all together at most so many USD an hour', positive)
    .option('--burstable', 'also shapes that spend CPU credits')
    .action(explain);
}

async function explain(name: string | undefined, options: LibraryOptions & DemandOptions): Promise<void> {
  const library = await readLibrary(options);
  if (name !== undefined) return explainShape(name, library, options.json === true);
  const selection = selectShape(requestFrom(options, library.shapes), library.shapes);
  console.log(options.json === true ? JSON.stringify({ ...selection, notes: library.notes }, null, 2) : [...describeSelection(selection), ...library.notes].join('\n'));
  if (selection.chosen === null) process.exitCode = 3;
}

function explainShape(name: string, { shapes, named, notes }: ShapeLibrary, json: boolean): void {
  const own = named.find((one) => one.name === name);
  const shape = shapeNamed(own?.instanceType ?? name, shapes);
  const needs = needsOf(shape);
  const replacements = replacementsOf(shape, shapes);
  const refused = tallyRefusals(
    shapes.filter((one) => !replacements.includes(one)).map((one) => ({ name: one.name, reason: incompatibility(needs, one) ?? 'it may use a smaller share of its vCPUs all the time' })),
  );
  if (json) console.log(JSON.stringify({ ...(own === undefined ? {} : { own }), shape, tier: tierOf(shape), mayBecome: replacements.map((one) => one.name), refused, notes }, null, 2));
  else console.log([...(own === undefined ? [] : [...describeNamed([own]), ...own.why.map((reason) => `  - ${reason}`)]), ...describeShape(shape, replacements, refused), ...notes].join('\n'));
}
