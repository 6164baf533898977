/** Milliseconds of the units in which spans of time are written: `90s`, `15m`, `2h`, `1d`. */
export const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
