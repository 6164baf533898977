import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Door, FrontDoorState, Upstream } from './door';

/** A door that was killed is back within a second or two. */
const BACK_WITHIN_MS = 5_000;
const TRY_AGAIN_MS = 25;
/** Beside the time that requests under way are given. */
const ANSWER_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 500;

/** Commands a door that is a process of its own. */
export class DoorClient implements Door {
  private readonly timer: NodeJS.Timeout;
  private lastState: FrontDoorState | null = null;

  /** @param socket as given to the door */
  constructor(private readonly socket: string) {
    const look = (): void => void this.ask('GET', '/state', undefined, ANSWER_WITHIN_MS).catch(() => (this.lastState = null));
    look();
    this.timer = setInterval(look, LOOK_EVERY_MS).unref();
  }

  /** Not older than half a second; null while the door does not answer. */
  get state(): FrontDoorState | null {
    return this.lastState;
  }

  /** Not repeated: what a door that went away let through meanwhile is not known. */
  async hold(limitMs: number): Promise<void> {
    await this.ask('POST', '/hold', { limitMs }, limitMs + ANSWER_WITHIN_MS);
  }

  async settle(limitMs: number): Promise<void> {
    await this.ask('POST', '/settle', { limitMs }, limitMs + ANSWER_WITHIN_MS);
  }

  /** Waits for a door that is being started again: what it is told last is what it has to go by. */
  async passTo(upstream: Upstream): Promise<void> {
    const giveUpAtMs = Date.now() + BACK_WITHIN_MS;
    for (;;) {
      try {
        return await this.ask('POST', '/pass-to', upstream, ANSWER_WITHIN_MS);
      } catch (error) {
        if (error instanceof RefusedError || Date.now() >= giveUpAtMs) throw error;
        await sleep(TRY_AGAIN_MS);
      }
    }
  }

  /** The door itself stays. */
  close(): Promise<void> {
    clearInterval(this.timer);
    return Promise.resolve();
  }

  private async ask(method: 'GET' | 'POST', path: string, body: object | undefined, withinMs: number): Promise<void> {
    const { status, told } = await this.send(method, path, body, withinMs).catch((error: unknown) => {
      throw new Error(`the door at ${this.socket} does not answer: ${(error as Error).message}`);
    });
    if (status !== 200) throw new RefusedError((told as { readonly error?: string }).error ?? `the door answered ${status}`);
    this.lastState = told as FrontDoorState;
  }

  private send(method: string, path: string, body: object | undefined, withinMs: number): Promise<{ readonly status: number; readonly told: unknown }> {
    return new Promise((resolve, reject) => {
      // A connection each: one that was kept would break with the door that is being started again.
      const asked = request({ socketPath: this.socket, agent: false, method, path, signal: AbortSignal.timeout(withinMs) }, (answer) => {
        text(answer).then((read) => resolve({ status: answer.statusCode ?? 0, told: JSON.parse(read) as unknown })).catch(reject);
      });
      asked.once('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** The door answered, and said no. */
class RefusedError extends Error {}
