import type { DayResult } from '../../simulation/planetlab/run-day';

/** What `foreshift simulate planetlab` prints: a policy's result on a day, and the seconds that it took. */
export interface DayReport extends DayResult {
  readonly day: string;
  readonly policy: string;
  readonly seconds: number;
}

/** The fields of `--json`, in the order in which they are documented. */
export function reportDay(day: string, policy: string, seconds: number, result: DayResult): DayReport {
  const { energyKwh, migrations, slav, slatah, pdm, slaOverall, esv, shutdowns } = result;
  return { day, policy, energyKwh, migrations, slav, slatah, pdm, slaOverall, esv, shutdowns, seconds };
}

/** The same for people. */
export function describeDay({ day, policy, energyKwh, migrations, slav, slatah, pdm, slaOverall, esv, shutdowns, seconds }: DayReport): string {
  return [
    `${policy} on ${day} (${seconds.toFixed(1)} s)`,
    `  energy              ${energyKwh.toFixed(2)} kWh`,
    `  migrations          ${migrations}`,
    `  host shutdowns      ${shutdowns}`,
    `  demand not served   ${percent(slaOverall)}`,
    `  SLAV                ${slav.toExponential(3)} = SLATAH ${percent(slatah)} x PDM ${percent(pdm)}`,
    `  ESV                 ${esv.toExponential(3)}`,
  ].join('\n');
}

const percent = (ratio: number): string => `${(100 * ratio).toFixed(4)} %`;
