/** Who rehearsals are by, as a migration's trigger and in the audit. */
export const DRILL_TRIGGER = 'drill';
export const DRILL_ACTOR = `foreshift:${DRILL_TRIGGER}`;

/** Who tells the audit of changed modes. */
export const AUTONOMY_ACTOR = 'foreshift:autonomy';
