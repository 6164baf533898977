import { DEFAULT_PRE_COPY } from '../../domain/transfer/decide-next-round';
import type { SelectionRule } from '../../domain/transfer/selection';
import type { TransferPhase } from '../../domain/transfer/side-look';
import type { StateFolder } from '../manifest/state-folder';
import { syncToDisk } from '../receive/sync-to-disk';
import { SenderSession } from '../send/sender-session';
import { connect } from '../session/connect';
import type { TlsIdentity } from '../session/tls-identity';
import { Channel } from '../wire/channel';
import { RateLimit } from '../wire/rate-limit';
import { HandoverProbe } from './handover-probe';
import type { Hook } from './hook';
import { Replication } from './replication';
import type { ServiceCalls } from './service-calls';
import { SkippedList } from './skipped-list';
import type { StandingFile } from './standing-file';
import type { ReplicationRequest } from './transfer-status';

export interface SendingSideOptions {
  readonly root: string;
  readonly state: StateFolder;
  readonly standing: StandingFile;
  readonly identity: TlsIdentity;
  readonly rules: readonly SelectionRule[];
  readonly service: ServiceCalls;
  /** What is reached, and not called, to learn beforehand how long a pause would take. */
  readonly quiesceHook: Hook | null;
  readonly log: (text: string) => void;
}

/** How long requests that are under way may take to end after a restart amid a hand-over. */
const RECOVERED_PAUSE_MS = 1_000;
const RUNNING: readonly TransferPhase[] = ['copying', 'ready', 'quiesced'];

/** An agent's part as the one whose state is replicated. */
export class SendingSide {
  readonly skipped = new SkippedList();
  private replication: Replication | null = null;
  private brokenOff = false;

  constructor(private readonly options: SendingSideOptions) {}

  /** How far it is; null where nothing was replicated since the agent started. */
  status(): ReturnType<Replication['status']> | null {
    return this.replication?.status() ?? null;
  }

  /** Begins to replicate; the same move's request again changes nothing. Throws where this side has handed its state over, or replicates for somebody else. */
  replicate(request: ReplicationRequest): void {
    const { standing } = this.options;
    const now = standing.get();
    if (now.role === 'standby') throw new Error('this side has handed its state over; the other one replicates now');
    if (now.role === 'left') throw new Error('this side has left the move; it keeps no live state');
    if (this.isRunning() || now.step === 'releasing') {
      const { request: running } = now;
      if (request.owner !== undefined && running?.owner === request.owner && running.host === request.host && running.port === request.port) return;
      throw new Error('it replicates already');
    }
    standing.set({ role: 'live', owner: request.owner ?? null, request, ...(request.peerFingerprint === undefined ? {} : { peerFingerprint: request.peerFingerprint }) });
    this.begin(request, false);
  }

  /** Cuts over as soon as it may; goes on asking where it was not known whether the peer took over. */
  cutOver(): void {
    const { request, step } = this.options.standing.get();
    if (this.isRunning()) this.running().cutOver();
    else if (step === 'releasing' && request !== null) this.begin(request, true);
    else this.running().cutOver();
  }

  /** Ends after the round that runs; the state stays here. Throws where the peer was told to take over. */
  stop(): void {
    if (this.options.standing.get().step === 'releasing') throw new Error('the peer was told to take over: it must be known first whether it has');
    this.options.standing.set({ request: null });
    if (this.isRunning()) this.running().stop();
  }

  /** Goes on where a restart broke off: a pause ends, a release is seen to its end, a replication goes on. */
  async recover(): Promise<void> {
    const { standing, service, log } = this.options;
    const { step, request } = standing.get();
    if (step === 'pausing') {
      await service.resume();
      standing.set({ step: null });
    }
    // The service may have been started again with the machine.
    if (step === 'releasing') await service.quiesce(RECOVERED_PAUSE_MS).catch((error: unknown) => log(`the service was not quiesced again: ${(error as Error).message}`));
    if (request !== null) this.begin(request, step === 'releasing');
  }

  /** The process ends; what was asked for goes on with the next one. */
  breakOff(): void {
    this.brokenOff = true;
    this.replication?.stop();
  }

  private begin(request: ReplicationRequest, releasing: boolean): void {
    const { root, state, standing, service, quiesceHook, log } = this.options;
    const limit = new RateLimit(request.bytesPerSecond ?? null);
    const replication = new Replication({
      request,
      releasing,
      sync: () => syncToDisk(root),
      handover: new HandoverProbe({ hook: quiesceHook, folder: state.folder, settle: () => service.settle(request.maxPauseMs ?? DEFAULT_PRE_COPY.maxPauseMs) }),
      quiesce: async (limitMs) => {
        standing.set({ step: 'pausing' });
        await service.quiesce(limitMs);
      },
      resume: async () => {
        await service.resume();
        standing.set({ step: null });
      },
      onReleasing: () => standing.set({ step: 'releasing' }),
      connect: () => this.connect(request, limit),
      onReleased: () => {
        standing.set({ role: 'standby', request: null, step: null, elsewhere: request.service ?? null });
        service.handedOver(request.service).catch((error: unknown) => log(`the door does not pass to the peer: ${(error as Error).message}`));
      },
    });
    this.replication = replication;
    void replication.run().then(() => {
      const { phase, why } = replication.status();
      log(`replication ended: ${phase}, ${why}`);
      if (!this.brokenOff && (phase === 'stopped' || phase === 'failed')) standing.set({ request: null });
    });
  }

  private async connect({ host, port }: ReplicationRequest, limit: RateLimit): Promise<SenderSession> {
    const { root, state, rules, identity } = this.options;
    const channel = new Channel((await connect({ host, port }, identity)).socket, limit);
    channel.keepAlive();
    this.skipped.clear();
    return SenderSession.open(channel, { root, state, rules, onSkipped: (path, reason) => this.skipped.add(path, reason) });
  }

  private isRunning(): boolean {
    const phase = this.replication?.status().phase;
    return phase !== undefined && RUNNING.includes(phase);
  }

  private running(): Replication {
    if (this.replication === null) throw new Error('nothing is replicated');
    return this.replication;
  }
}
