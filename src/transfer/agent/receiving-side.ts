import type { TLSSocket } from 'node:tls';
import type { StateFolder } from '../manifest/state-folder';
import { receiveFrom } from '../receive/receiver';
import type { Address } from '../session/connect';
import { Channel } from '../wire/channel';
import { WireError } from '../wire/wire-error';
import { ALREADY_LIVE, HAS_LEFT, TAKE_OVER_FAILED } from './release-answers';
import type { ServiceCalls } from './service-calls';
import type { StandingFile } from './standing-file';

export interface StandByRequest {
  /** The migration that asks. */
  readonly owner: string;
  readonly peerFingerprint: string;
  /** Where the service answers meanwhile; the door passes requests there. */
  readonly service?: Address;
}

export interface ReceivingSideOptions {
  readonly root: string;
  readonly state: StateFolder;
  readonly standing: StandingFile;
  readonly service: ServiceCalls;
  readonly log: (text: string) => void;
}

/** An agent's part as the one that is written to, until the state is its own. */
export class ReceivingSide {
  private channel: Channel | null = null;

  constructor(private readonly options: ReceivingSideOptions) {}

  /** Serves the peer until it closes. */
  async serve(socket: TLSSocket): Promise<void> {
    // A connection that was dropped without a farewell may still stand: the peer has only one.
    this.close();
    const channel = new Channel(socket);
    channel.keepAlive();
    this.channel = channel;
    const { root, state, log } = this.options;
    await receiveFrom(channel, { root, state, refusal: () => this.refusal(), onRehearse: () => this.rehearse(), onRelease: () => this.takeOver() }).catch((error: unknown) => log(`receiving ended: ${(error as Error).message}`));
  }

  close(): void {
    this.channel?.close();
  }

  /** The service stands still here, and this side may be written to. Throws where this side is live, or has left this very move. */
  async standBy({ owner, peerFingerprint, service }: StandByRequest): Promise<void> {
    const { standing } = this.options;
    const { role, owner: before } = standing.get();
    if (role === 'live') throw new Error(ALREADY_LIVE);
    if (role === 'left' && before === owner) throw new Error(HAS_LEFT);
    await this.options.service.standStill(service);
    standing.set({ role: 'standby', owner, peerFingerprint, elsewhere: service ?? null, request: null, step: null });
  }

  /** From now on this side never takes the state over. Throws where it has. */
  leave(owner: string): void {
    const { standing } = this.options;
    if (standing.get().role === 'live') throw new Error(ALREADY_LIVE);
    standing.set({ role: 'left', owner, request: null, step: null });
    this.close();
  }

  /** Goes on with a take-over that a restart broke off. */
  async recover(): Promise<void> {
    if (this.options.standing.get().step !== 'takingOver') return;
    await this.startService();
  }

  private refusal(): string | null {
    const { role } = this.options.standing.get();
    return role === 'live' ? ALREADY_LIVE : role === 'left' ? HAS_LEFT : null;
  }

  // A service that cannot warm up is as cold as one without the hook: it takes over all the same.
  private async rehearse(): Promise<void> {
    if (this.refusal() !== null) return;
    await this.options.service.warmUp().catch((error: unknown) => this.options.log(`the service did not warm up: ${(error as Error).message}`));
  }

  // Live before the service starts: whatever happens then, nothing is written under it any more.
  private async takeOver(): Promise<void> {
    const { standing } = this.options;
    const { role } = standing.get();
    if (role === 'left') throw new WireError(HAS_LEFT);
    standing.set({ role: 'live', step: 'takingOver' });
    await this.startService().catch((error: unknown) => {
      standing.set({ role, step: null });
      throw new WireError(`${TAKE_OVER_FAILED}: ${(error as Error).message}`);
    });
  }

  private async startService(): Promise<void> {
    await this.options.service.takeOver();
    this.options.standing.set({ step: null, elsewhere: null });
  }
}
