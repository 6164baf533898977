/** The story of a migration, in order. */
export const MIGRATION_PHASES = [
  'forecast',
  'plan',
  'approve',
  'reserve',
  'shadow',
  'sync',
  'verify',
  'ramp',
  'bake',
  'drain',
  'retire',
  'release',
] as const;

export type MigrationPhase = (typeof MIGRATION_PHASES)[number];

/** From here on there is no way back: the source is being terminated. */
export const POINT_OF_NO_RETURN: MigrationPhase = 'retire';

export function isPastPointOfNoReturn(phase: MigrationPhase): boolean {
  return MIGRATION_PHASES.indexOf(phase) >= MIGRATION_PHASES.indexOf(POINT_OF_NO_RETURN);
}
