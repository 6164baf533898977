import type { LoadClientProfileOptions } from '@temporalio/envconfig';
import { environment, setVariable } from '../../contracts/config';
import { WrongUsage } from '../report-failure';
import type { GlobalOptions } from './global-options';
import { findSettingsFile, readSettingsFile } from './read-settings-file';
import { settle } from './settle';
import type { Settled } from './settle';

export interface AppliedSettings {
  readonly file: string | null;
  readonly settled: readonly Settled[];
}

/**
 * Settles what flags, environment, settings file and a named Temporal profile say, and puts it into the environment, the one place that everything
 * after this, and every process that is started, reads. @throws WrongUsage
 */
export async function applySettings(flags: GlobalOptions): Promise<AppliedSettings> {
  const env = environment();
  const file = findSettingsFile(flags.config ?? env['FORESHIFT_CONFIG'], { home: env['HOME'], directory: process.cwd() });
  const said = {
    flag: { TEMPORAL_PROFILE: flags.profile, TEMPORAL_ADDRESS: flags.address, TEMPORAL_NAMESPACE: flags.namespace },
    environment: { ...env },
    file: file === null ? {} : await readSettingsFile(file),
  };
  const named = settle({ ...said, profile: {} });
  const settled = settle({ ...said, profile: await profileOf(named) });
  for (const { variable, value } of settled) setVariable(variable, value);
  return { file, settled };
}

/** What a profile that was named says. The unnamed default one ranks after a local cloud that is up. */
async function profileOf(settled: readonly Settled[]): Promise<Record<string, string | undefined>> {
  const valueOf = (variable: string): string | undefined => settled.find((one) => one.variable === variable)?.value;
  const profile = valueOf('TEMPORAL_PROFILE');
  if (profile === undefined) return {};
  const path = valueOf('TEMPORAL_CONFIG_FILE');
  try {
    return await addressOf({ profile, ...(path === undefined ? {} : { configSource: { path } }) });
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error));
  }
}

/** Lets Temporal's default profile name the server, where nothing else did. */
export async function applyDefaultProfile(): Promise<void> {
  if (environment()['TEMPORAL_ADDRESS'] !== undefined) return;
  for (const [variable, value] of Object.entries(await addressOf({}))) if (value !== undefined && environment()[variable] === undefined) setVariable(variable, value);
}

async function addressOf(options: LoadClientProfileOptions): Promise<Record<string, string | undefined>> {
  // Loaded where a profile is asked for: every command comes through here, an agent beside a service as well.
  const { readTemporalProfile } = await import('../../adapters/temporal/read-profile.js');
  const { address, namespace } = readTemporalProfile({ ...options, disableEnv: true });
  return { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
}
