import { Command, Option } from 'commander';
import type { CatalogueShape } from '../../domain/shapes/catalogue-shape';
import { TIERS, tierOf, type Tier } from '../../domain/shapes/tiers';
import { wholeNumber } from '../parse-options';
import { WrongUsage } from '../report-failure';
import { describeList, describeNamed } from './describe-shapes';
import { readLibrary, type ShapeLibrary } from './read-catalogue';
import { names, positive, withLibraryOptions, type LibraryOptions } from './shape-options';

interface ListOptions extends LibraryOptions {
  readonly family?: readonly string[];
  readonly architecture?: string;
  readonly tier?: Tier;
  readonly zone?: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly maxUsd?: number;
  readonly current?: boolean;
  readonly sort: 'name' | 'price' | 'size';
  readonly limit: number;
}

/** `foreshift shapes list` */
export function listCommand(): Command {
  return withLibraryOptions(new Command('list'))
    .description('The shapes of the region, and your own')
    .option('--family <names>', 'with commas between: m7i,c7i', names)
    .option('--architecture <name>', 'x86_64, arm64')
    .addOption(new Option('--tier <name>', 'a size that means the same in every family').choices(TIERS))
    .option('--zone <name>', 'only what EC2 offers there')
    .option('--allow <names>', 'only these', names)
    .option('--deny <names>', 'not these', names)
    .option('--max-usd <amount>', 'at most so many USD an hour', positive)
    .option('--current', 'only of the current generation')
    .addOption(new Option('--sort <by>', 'order').choices(['name', 'price', 'size']).default('name'))
    .option('--limit <count>', 'show so many', wholeNumber(1), 50)
    .action(list);
}

async function list(options: ListOptions): Promise<void> {
  const library = await readLibrary(options);
  const found = library.shapes.filter(filterOf(options, library)).toSorted(ORDERS[options.sort]);
  const shown = found.slice(0, options.limit);
  if (options.json === true) {
    console.log(JSON.stringify({ shapes: shown, of: found.length, named: library.named, notes: library.notes }, null, 2));
    return;
  }
  const more = found.length > shown.length ? [`${shown.length} of ${found.length}; --limit shows more`] : [`${found.length} shapes`];
  console.log([...(library.named.length === 0 ? [] : describeNamed(library.named)), ...describeList(shown), ...more, ...library.notes].join('\n'));
}

const ORDERS: Readonly<Record<ListOptions['sort'], (a: CatalogueShape, b: CatalogueShape) => number>> = {
  name: (a, b) => a.family.localeCompare(b.family) || a.vcpus - b.vcpus || a.name.localeCompare(b.name),
  price: (a, b) => a.usdPerHour - b.usdPerHour || a.name.localeCompare(b.name),
  size: (a, b) => a.vcpus - b.vcpus || a.memoryMiB - b.memoryMiB || a.usdPerHour - b.usdPerHour || a.name.localeCompare(b.name),
};

function filterOf({ family, architecture, tier, zone, allow, deny, maxUsd, current }: ListOptions, { offered }: ShapeLibrary): (shape: CatalogueShape) => boolean {
  const there = zone === undefined ? null : offeredIn(zone, offered);
  return (shape) =>
    (family === undefined || family.includes(shape.family)) &&
    (architecture === undefined || shape.architectures.includes(architecture)) &&
    (tier === undefined || tierOf(shape) === tier) &&
    (there === null || there.has(shape.name)) &&
    (allow === undefined || allow.includes(shape.name)) &&
    (deny === undefined || !deny.includes(shape.name)) &&
    (maxUsd === undefined || shape.usdPerHour <= maxUsd) &&
    (current !== true || shape.currentGeneration);
}

function offeredIn(zone: string, offered: ShapeLibrary['offered']): ReadonlySet<string> {
  if (offered === null) throw new WrongUsage('--zone: a file of types does not tell where they are offered; leave out --types');
  const names = offered.get(zone);
  if (names === undefined) throw new WrongUsage(`--zone: ${zone} is none of this region; expected one of ${[...offered.keys()].toSorted().join(', ')}`);
  return new Set(names);
}
