import { SETTINGS } from '../../contracts/settings';

/** Where a value comes from, in the order of precedence. */
export type SettingSource = 'flag' | 'environment' | 'file' | 'profile';

export interface Settled {
  readonly variable: string;
  readonly value: string;
  readonly source: SettingSource;
}

/** What each source says, by variable of the environment. */
export type Said = Readonly<Record<SettingSource, Readonly<Record<string, string | undefined>>>>;

const ORDER: readonly SettingSource[] = ['flag', 'environment', 'file', 'profile'];
/** AWS knows two names of one thing. */
const ALSO: Readonly<Record<string, string>> = { AWS_REGION: 'AWS_DEFAULT_REGION' };

/** The first source that says something about a setting has the word. An empty text says nothing. */
export function settle(said: Said): Settled[] {
  return SETTINGS.flatMap(({ variable }): Settled[] => {
    for (const source of ORDER) {
      const value = said[source][variable] || said[source][ALSO[variable] ?? variable];
      if (value !== undefined && value !== '') return [{ variable, value, source }];
    }
    return [];
  });
}
