/** What can be set about a forecast model. Every model takes the spreads; the others are the named models' own. */
export interface ModelSettings {
  /** Stretch of the intervals of each step around their median: 1 leaves them as the model says. */
  readonly spread: number;
  /** The same for the highest value over the horizon. */
  readonly peakSpread: number;
  /** `blended`: a rule weighs its recent loss to the power of minus this. */
  readonly sharpness: number;
  /** `blended`, `additive`: prior scale of the trend's changes, in units of the series' own scale. */
  readonly changepointScale: number;
  /** `blended`, `additive`: prior scale of the seasons, in the same units. */
  readonly seasonScale: number;
}

export const DEFAULT_SETTINGS: ModelSettings = { spread: 1, peakSpread: 1, sharpness: 8, changepointScale: 0.05, seasonScale: 1 };

/** A model by name, and its settings. */
export interface ModelChoice {
  readonly model: string;
  readonly settings: ModelSettings;
}

/** A choice in a few words: the model, and the settings that are not the default ones. */
export function describeChoice({ model, settings }: ModelChoice): string {
  const changed = (Object.keys(DEFAULT_SETTINGS) as (keyof ModelSettings)[]).filter((name) => settings[name] !== DEFAULT_SETTINGS[name]);
  return changed.length === 0 ? model : `${model} (${changed.map((name) => `${name} ${Number(settings[name].toPrecision(3))}`).join(', ')})`;
}

/** Two choices that forecast alike. */
export function sameChoice(a: ModelChoice, b: ModelChoice): boolean {
  return a.model === b.model && (Object.keys(DEFAULT_SETTINGS) as (keyof ModelSettings)[]).every((name) => a.settings[name] === b.settings[name]);
}
