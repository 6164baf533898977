import Table from 'cli-table3';
import { SETTINGS } from '../../contracts/settings';
import type { AppliedSettings } from './apply-settings';
import type { SettingSource } from './settle';

interface SettingRow {
  readonly key: string;
  readonly variable: string;
  /** Null where nothing sets it. */
  readonly value: string | null;
  readonly source: SettingSource | null;
  readonly about: string;
}

/** Every setting with its value, where there is one, and its source; without passwords. */
export function settingRows({ settled }: AppliedSettings): SettingRow[] {
  return SETTINGS.map(({ key, variable, about }) => {
    const found = settled.find((one) => one.variable === variable);
    return { key, variable, value: found === undefined ? null : withoutPassword(found.value), source: found?.source ?? null, about };
  });
}

/** The same as a table, with the file that was read. */
export function describeSettings(settings: AppliedSettings): string {
  const table = new Table({ head: ['key', 'variable', 'value', 'from', 'what it is'], style: { head: [], border: [], compact: true } });
  for (const { key, variable, value, source, about } of settingRows(settings)) table.push([key, variable, value ?? '-', source ?? '-', about]);
  return `settings file: ${settings.file ?? 'none (./foreshift.yaml or ~/.config/foreshift/foreshift.yaml; --config names another)'}\n${table.toString()}`;
}

function withoutPassword(value: string): string {
  return value.replace(/^([a-z]+:\/\/[^/@:]*):[^/@]+@/, '$1:***@');
}
