import type { Door, Upstream } from '../front-door/door';
import { callHook, type Hook, reachHook } from './hook';

export interface ServiceHooks {
  readonly quiesce: Hook | null;
  readonly resume: Hook | null;
  readonly warm: Hook | null;
  readonly takeOver: Hook | null;
}

/** The door before the service, and where the service answers behind it. */
export interface Doorway {
  readonly door: Door;
  readonly service: Upstream;
}

/** What this side's service and the door before it are told while state is handed over. */
export class ServiceCalls {
  constructor(
    private readonly hooks: ServiceHooks,
    private readonly doorway: Doorway | null,
  ) {}

  /** Lets what is under way end, for `limitMs` at most, keeps what comes waiting, and stops the service. */
  async quiesce(limitMs: number): Promise<void> {
    await this.doorway?.door.hold(limitMs);
    await callHook(this.hooks.quiesce);
  }

  /** Takes as long as letting what is under way end would now, `limitMs` at most, and keeps nothing waiting. */
  async settle(limitMs: number): Promise<void> {
    await this.doorway?.door.settle(limitMs);
  }

  /** The service stands still for as long as the state is somebody else's; what comes here is passed on there. */
  async standStill(elsewhere: Upstream | undefined): Promise<void> {
    await this.handedOver(elsewhere);
    await callHook(this.hooks.quiesce);
  }

  /** The service goes on where it was. */
  async resume(): Promise<void> {
    await callHook(this.hooks.resume);
    await this.doorway?.door.passTo(this.doorway.service);
  }

  /** The peer's service answers from now on: what waits, and what still comes here, goes there. */
  async handedOver(peer: Upstream | null | undefined): Promise<void> {
    if (peer != null) await this.doorway?.door.passTo(peer);
  }

  /** The service, which stands by, reads what has come so far; without such a hook it is gone as far as the one that lets it take over. */
  async warmUp(): Promise<void> {
    const { warm, takeOver } = this.hooks;
    if (warm !== null) await callHook(warm);
    else if (takeOver !== null) await reachHook(takeOver);
  }

  /** This side's service answers from now on. */
  async takeOver(): Promise<void> {
    await callHook(this.hooks.takeOver);
    await this.doorway?.door.passTo(this.doorway.service);
  }
}
