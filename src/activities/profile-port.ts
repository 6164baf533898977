import type { ShadowProfile } from '../domain/profiles/shadow-profile';
import type { FittedProfile } from '../forecasting/profiles/fit-shadow-profile';

/** Keeps shadow profiles, each version of them. Every method throws `Unavailable` while the store cannot be reached. */
export interface ProfileStore {
  /** The latest version of each profile, by name. */
  list(): Promise<readonly ShadowProfile[]>;
  /** The latest version, and the model that it stands for; null where there is no such profile. */
  latest(name: string): Promise<FittedProfile | null>;
  /** Writes once per name and version. */
  save(fitted: FittedProfile): Promise<void>;
}
