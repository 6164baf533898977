export type ProvisionPhase = 'plan' | 'reserve' | 'launch' | 'settle' | 'keep' | 'release' | 'rollback';
