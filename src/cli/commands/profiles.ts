import { Command, Option } from 'commander';
import { createProfileStore } from '../../adapters/postgres/profile-store';
import { LOAD_METRICS, type LoadMetric } from '../../domain/forecast';
import { profileName, type ProfileTags } from '../../domain/profiles/shadow-profile';
import { modelNamed } from '../../forecasting/forecast-request';
import { fitShadowProfile } from '../../forecasting/profiles/fit-shadow-profile';
import { createOwnForecaster } from '../../forecasting/profiles/own-forecaster';
import { withDatabase } from '../environment';
import { showActivity } from '../forecast/show-activity';
import { describeProfile, describeProfiles } from '../profiles/describe-profile';
import { addTag } from '../profiles/parse-tags';
import { readKinFolder } from '../profiles/read-kin-folder';

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

async function show({ tag = {}, metric, stack, json }: ProfileOptions): Promise<void> {
  const name = profileName(tag, metric);
  const found = await withDatabase(stack, (db) => createProfileStore(db).latest(name));
  if (found === null) throw new Error(`there is no profile ${name}; "foreshift profiles list" names those there are`);
  console.log(json === true ? JSON.stringify(found.profile, null, 2) : describeProfile(found.profile));
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
