export interface CommandOutcome {
  readonly exitCode: number;
  /** The first 24,000 characters on AWS. */
  readonly stdout: string;
  /** The first 8,000 characters on AWS. */
  readonly stderr: string;
}

/** Runs shell commands on instances, by their management agent. */
export interface InstanceCommandPort {
  /** Runs it once more where it is repeated: commands must be idempotent. Throws `NotReadyYet` where the instance is not managed (yet), `Unavailable` where it did not end in time. */
  run(instanceId: string, command: string, limits: { readonly withinMs: number }): Promise<CommandOutcome>;
}
