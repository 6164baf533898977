import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SETTINGS } from '../../contracts/settings';
import { WrongUsage } from '../report-failure';
import { shown } from '../../domain/shown';

const NAME = 'foreshift.yaml';

/** The file that holds: the one that was named, else the first that is there. Null where there is none. @throws WrongUsage where a named one is missing */
export function findSettingsFile(named: string | undefined, { home, directory }: { readonly home: string | undefined; readonly directory: string }): string | null {
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new WrongUsage(`${named}: there is no such settings file`);
    return resolve(directory, named);
  }
  const usual = [join(directory, NAME), ...(home === undefined ? [] : [join(home, '.config', 'foreshift', NAME)])];
  return usual.find((file) => existsSync(file)) ?? null;
}

/** What the file says, by the variable that would say the same. @throws WrongUsage with the file, the key and what was expected */
export async function readSettingsFile(file: string): Promise<Record<string, string>> {
  const said = await asMapping(file);
  return Object.fromEntries(
    Object.entries(said).map(([key, value]) => {
      const setting = SETTINGS.find((one) => one.key === key);
      if (setting === undefined) throw new WrongUsage(`${file}: ${shown(key)} is no setting; expected one of ${SETTINGS.map((one) => one.key).join(', ')}`);
      if (typeof value !== 'string' && typeof value !== 'number') throw new WrongUsage(`${file}: ${key} is ${shown(value)}; expected a text: ${setting.about}`);
      const text = String(value);
      if (setting.variable === 'DATABASE_URL') refusePassword(file, text);
      return [setting.variable, setting.isFile === true ? resolve(dirname(file), text) : text];
    }),
  );
}

async function asMapping(file: string): Promise<Record<string, unknown>> {
  // Loaded where there is a file: every command comes through here, an agent beside a service as well.
  const { parse } = await import('yaml');
  let said: unknown;
  try {
    said = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new WrongUsage(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (said === null) return {};
  if (typeof said !== 'object' || Array.isArray(said)) throw new WrongUsage(`${file}: expected settings, a "key: value" a line`);
  return said as Record<string, unknown>;
}

/** A file like this is committed and mailed around. */
function refusePassword(file: string, url: string): void {
  if (/^[a-z]+:\/\/[^/@]*:[^/@]+@/.test(url)) throw new WrongUsage(`${file}: databaseUrl holds a password; expected it in DATABASE_URL, PGPASSWORD or ~/.pgpass instead`);
}
