import { loadClientConfigProfile } from '@temporalio/envconfig';
import type { ClientConfigProfile, LoadClientProfileOptions } from '@temporalio/envconfig';
import { environment } from '../../contracts/config';

/**
 * What Temporal's own variables and configuration file say of the server, as the temporal command line reads them.
 * https://docs.temporal.io/develop/environment-configuration @throws Error naming the profile and what is wrong
 */
export function readTemporalProfile(options: Omit<LoadClientProfileOptions, 'overrideEnvVars'> = {}): ClientConfigProfile {
  const env = Object.fromEntries(Object.entries(environment()).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])));
  try {
    return loadClientConfigProfile({ ...options, overrideEnvVars: env });
  } catch (error) {
    // A file without any profile lets the library itself stumble.
    const why = error instanceof TypeError ? 'the configuration file has no [profile.NAME]' : error instanceof Error ? error.message : String(error);
    throw new Error(`the Temporal profile "${options.profile ?? env['TEMPORAL_PROFILE'] ?? 'default'}": ${why}`, { cause: error });
  }
}
