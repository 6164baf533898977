import { WrongUsage } from '../../report-failure';

export interface LocalityOptions {
  readonly pool?: string;
  readonly zone?: string;
  readonly region?: string;
}

/** The locality that options ask for, as forecasts name it: `pool/web`, `zone/us-east-1a`, `region/us-east-1`; null for none. @throws WrongUsage for more than one */
export function localityName({ pool, zone, region }: LocalityOptions): string | null {
  const named = Object.entries({ pool, zone, region }).flatMap(([kind, name]) => (name === undefined ? [] : [{ kind, name: name.trim() }]));
  if (named.length > 1) throw new WrongUsage(`expected one of ${named.map(({ kind }) => `--${kind}`).join(' and ')}`);
  const [only] = named;
  if (only === undefined) return null;
  if (only.name === '') throw new WrongUsage(`--${only.kind}: expected a name`);
  return `${only.kind}/${only.name}`;
}
