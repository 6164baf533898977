import Table from 'cli-table3';
import { STANDARD_LEVELS } from '../../forecasting/forecast-model';
import type { ShadowProfile } from '../../domain/profiles/shadow-profile';

const PLAIN = { style: { head: [], border: [] } };
const MEDIAN = STANDARD_LEVELS.indexOf(0.5);

/** One line a profile. */
export function describeProfiles(profiles: readonly ShadowProfile[]): string {
  const table = new Table({ head: ['profile', 'version', 'kin', 'states', 'bursts a day', 'made'], ...PLAIN });
  for (const { name, version, kin, states, bursts, madeAtMs } of profiles) table.push([name, version, kin.length, states.means.length, bursts.perDay.toFixed(2), new Date(madeAtMs).toISOString()]);
  return table.toString();
}

/** States, the day's bands and bursts of one profile. */
export function describeProfile(profile: ShadowProfile): string {
  const { name, version, digest, unit, kin, reach, states, bands, bursts, notes } = profile;
  const ofStates = new Table({ head: ['state', 'mean', 'deviation', 'share of time'], ...PLAIN });
  states.means.forEach((mean, i) => ofStates.push([i + 1, mean.toFixed(1), (states.deviations[i] as number).toFixed(1), `${(100 * (states.shares[i] as number)).toFixed(0)} %`]));
  const ofHours = new Table({ head: ['hour (UTC)', '5 %', 'median', '95 %', 'bursts beginning a day'], ...PLAIN });
  bands.quantiles.forEach((row, hour) => ofHours.push([hour, (row[0] as number).toFixed(1), (row[MEDIAN] as number).toFixed(1), (row.at(-1) as number).toFixed(1), (bursts.perHour[hour] as number).toFixed(2)]));
  const said = [...(reach === 'fleet' ? ['the whole fleet stands in: no workload has the tags'] : []), ...notes].map((note) => `note: ${note}`);
  return [`${name}, version ${version}, ${kin.length} kin, ${unit}, digest ${digest.slice(0, 12)}`, ...said, ofStates.toString(), ofHours.toString()].join('\n');
}
