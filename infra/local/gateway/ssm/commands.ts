import { randomUUID } from 'node:crypto';
import type { Cloud } from '../ec2/cloud';
import type { InstanceCommand } from '../instances/instance-runner';
import { hasEnded, SHOWN_CHARACTERS, type Invocation, type StatusDetails } from './invocation';

export interface CommandRequest {
  readonly instanceIds: readonly string[];
  readonly comment: string;
  readonly commands: readonly string[];
  readonly folder: string | undefined;
  readonly deliverWithinMs: number;
  readonly executionTimeoutMs: number;
}

/** An instance whose agent does not answer is tried again so often. */
const DELIVER_AGAIN_MS = 200;

/** All commands that were ever sent, and how far each is on each instance. */
export class Commands {
  private readonly all: Invocation[] = [];
  private readonly running = new Map<Invocation, InstanceCommand>();

  constructor(readonly cloud: Cloud) {}

  /** Sends a command to instances; each gets it as soon as its agent answers. */
  send({ instanceIds, deliverWithinMs, ...what }: CommandRequest): readonly Invocation[] {
    const commandId = randomUUID();
    const requestedAtMs = Date.now();
    const sent = instanceIds.map((instanceId): Invocation => ({
      seq: this.cloud.nextSeq(),
      commandId,
      instanceId,
      ...what,
      requestedAtMs,
      expiresAtMs: requestedAtMs + deliverWithinMs,
      details: 'Pending',
      startedAtMs: undefined,
      endedAtMs: undefined,
      responseCode: -1,
      stdout: '',
      stderr: '',
    }));
    this.all.push(...sent);
    for (const one of sent) this.cloud.timers.after(0, () => this.deliver(one));
    return sent;
  }

  find(commandId: string | undefined, instanceId: string | undefined): readonly Invocation[] {
    return this.all.filter((one) => (commandId === undefined || one.commandId === commandId) && (instanceId === undefined || one.instanceId === instanceId));
  }

  cancel(one: Invocation): void {
    this.end(one, 'Cancelled');
  }

  private deliver(one: Invocation): void {
    if (hasEnded(one)) return;
    if (Date.now() >= one.expiresAtMs) return this.end(one, 'DeliveryTimedOut');
    const { runner } = this.cloud.deps;
    if (!runner.isUp(one.instanceId)) return this.cloud.timers.after(DELIVER_AGAIN_MS, () => this.deliver(one));
    one.details = 'InProgress';
    one.startedAtMs = Date.now();
    const started = runner.execute(one.instanceId, one.commands.join('\n'), one.folder, SHOWN_CHARACTERS.stdout);
    if (started === undefined) {
      one.stderr = `failed to run commands: ${one.folder ?? 'the folder'} is not there`;
      one.responseCode = 1;
      return this.end(one, 'Failed');
    }
    this.running.set(one, started);
    this.cloud.timers.after(one.executionTimeoutMs, () => this.end(one, 'ExecutionTimedOut'));
    this.cloud.background(async () => {
      const left = await started.outcome;
      // Where the instance went away nobody tells: SSM waits until the time is over.
      if (left === undefined || hasEnded(one)) return;
      Object.assign(one, { stdout: left.stdout, stderr: left.stderr, responseCode: left.exitCode ?? -1 });
      this.end(one, left.exitCode === 0 ? 'Success' : 'Failed');
    });
  }

  private end(one: Invocation, details: StatusDetails): void {
    if (hasEnded(one)) return;
    one.details = details;
    one.endedAtMs = Date.now();
    // What has succeeded may have left something in the background.
    if (details === 'Cancelled' || details === 'ExecutionTimedOut') this.running.get(one)?.kill();
    this.running.delete(one);
  }
}
