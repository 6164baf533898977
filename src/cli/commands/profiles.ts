import { Command, Option } from 'commander';
import pc from 'picocolors';
import { createProfileStore } from '../../adapters/postgres/profile-store';
import { LOAD_METRICS, type LoadMetric } from '../../domain/forecast';
import { profileName, type ShadowProfile } from '../../domain/profiles/shadow-profile';
import type { ProfileTags } from '../../domain/profiles/workload-tag';
import { modelNamed } from '../../forecasting/forecast-request';
import { fitShadowProfile } from '../../forecasting/profiles/fit-shadow-profile';
import { createOwnForecaster } from '../../forecasting/profiles/own-forecaster';
import { withDatabase } from '../environment';
import { drawInTerminal } from '../forecast/plot/draw-in-terminal';
import { writePlot } from '../forecast/plot/write-plot';
import { showActivity } from '../forecast/show-activity';
import { UTC } from '../forecast/single/time-zone';
import { describeProfile, describeProfiles } from '../profiles/describe-profile';
import { addTag } from '../profiles/parse-tags';
import { profileReport } from '../profiles/profile-report';
import { readKinFolder } from '../profiles/read-kin-folder';
import { WrongUsage } from '../report-failure';

const STEP_MS = 300_000;
const SEED = 1;

interface ProfileOptions {
  readonly tag?: ProfileTags;
  readonly metric: LoadMetric;
  readonly stack: string;
  readonly json?: boolean;
}

/** `foreshift profiles` */
export function profilesCommand(): Command {
  return new Command('profiles')
    .description('Shadow profiles: what workloads of the same tags use, to forecast new ones from')
    .addCommand(common(new Command('list').description('The latest version of each profile'), false).action(list))
    .addCommand(common(new Command('show').description('States, bands and bursts of a profile')).action(show))
    .addCommand(
      common(new Command('plot').description('What kin use at each hour of the day, as a picture'))
        .addOption(new Option('--plot <kind>', 'on the terminal, or into the file of --out').choices(['term', 'png', 'html']).default('term'))
        .option('--out <file>', 'where the picture goes')
        .action(plot),
    )
    .addCommand(
      common(new Command('fit').description('Fits a profile, or refreshes it where values came since'))
        .requiredOption('--csv <folder>', 'files with the columns timestamp,value, one a workload')
        .addHelpText('after', '\nExample:\n  foreshift profiles fit --csv loads/ --tag app=web --metric cpuPercent')
        .action(fit),
    );
}

function common(command: Command, ofOne = true): Command {
  if (ofOne) {
    command.option('--tag <key=value>', 'a tag of the workloads; repeat for more; default: the whole fleet', addTag);
    command.addOption(new Option('--metric <name>', 'which load').choices(LOAD_METRICS).default('cpuPercent'));
  }
  return command.option('--stack <name>', 'the local cloud to use', 'default').option('--json', 'as JSON');
}

async function list({ stack, json }: ProfileOptions): Promise<void> {
  const profiles = await withDatabase(stack, (db) => createProfileStore(db).list());
  if (json === true) console.log(JSON.stringify(profiles, null, 2));
  else console.log(profiles.length === 0 ? 'no profile yet; "foreshift profiles fit" makes one' : describeProfiles(profiles));
}

async function show(options: ProfileOptions): Promise<void> {
  const profile = await find(options);
  console.log(options.json === true ? JSON.stringify(profile, null, 2) : describeProfile(profile));
}

async function plot(options: ProfileOptions & { readonly plot: 'term' | 'png' | 'html'; readonly out?: string }): Promise<void> {
  const { plot: kind, out, json } = options;
  if (json === true) throw new WrongUsage('--json: expected without plot; "foreshift profiles show --json" has the numbers');
  if ((kind === 'term') !== (out === undefined)) throw new WrongUsage(kind === 'term' ? '--out: expected only with --plot png and --plot html' : `--out: expected a file for --plot ${kind}`);
  const report = profileReport(await find(options));
  if (kind !== 'term' && out !== undefined) await writePlot(kind, report, UTC, out);
  else console.log(drawInTerminal(report, UTC, { columns: process.stdout.columns ?? 100, colors: pc.isColorSupported }));
}

async function find({ tag = {}, metric, stack }: ProfileOptions): Promise<ShadowProfile> {
  const name = profileName(tag, metric);
  const found = await withDatabase(stack, (db) => createProfileStore(db).latest(name));
  if (found === null) throw new Error(`there is no profile ${name}; "foreshift profiles list" names those there are`);
  return found.profile;
}

async function fit({ tag = {}, metric, stack, json, csv }: ProfileOptions & { readonly csv: string }): Promise<void> {
  const activity = showActivity(process.stderr);
  try {
    activity.show('reading files');
    const kin = await readKinFolder(csv, metric, STEP_MS);
    const { profile } = await withDatabase(stack, async (db) => {
      const store = createProfileStore(db);
      const before = await store.latest(profileName(tag, metric));
      const own = createOwnForecaster(modelNamed('gate'), SEED);
      const onProgress = (done: number, of: number) => activity.show(`held out ${done} of ${of}`);
      const fitted = await fitShadowProfile({ tags: tag, metric, reach: 'tags', kin, own, nowMs: Date.now(), seed: SEED, onProgress, ...(before === null ? {} : { before }) });
      await store.save(fitted);
      return fitted;
    });
    activity.clear();
    console.log(json === true ? JSON.stringify(profile, null, 2) : describeProfile(profile));
  } finally {
    activity.clear();
  }
}
