/** An Auto Scaling group as AWS has it. */
export interface ScalingGroupFacts {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** Instances that serve. */
  readonly inService: number;
  readonly zones: readonly string[];
  /** Instances that wait in its warm pool; null where it has none. */
  readonly warm: number | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** Auto Scaling groups. Unknown groups throw `NotFound`. */
export interface ScalingGroupPort {
  describe(name: string): Promise<ScalingGroupFacts>;
  /** Types that its instances may have: of its template, or of the overrides of a mixed group. Asked apart: only one that is looked at the first time needs them. */
  shapes(name: string): Promise<readonly string[]>;
  setDesired(name: string, desired: number): Promise<void>;
  /** A tag of the group, which its instances do not get. */
  tag(name: string, key: string, value: string): Promise<void>;
  untag(name: string, key: string): Promise<void>;
  /** Why the newest launch since then failed; null where none did. */
  launchFailure(name: string, sinceMs: number): Promise<string | null>;
  /** Sets the desired capacity once, at that time; another under the same name replaces it. */
  schedule(name: string, action: { readonly name: string; readonly atMs: number; readonly desired: number }): Promise<void>;
  /** False for one that is not there: it ran, or never was. */
  unschedule(name: string, actionName: string): Promise<boolean>;
}
