import type { Server } from 'node:http';
import type { Server as TlsServer, TLSSocket } from 'node:tls';
import { DEFAULT_RULES, type SelectionRule } from '../../domain/transfer/selection';
import { FrontDoor } from '../front-door/front-door';
import { StateFolder } from '../manifest/state-folder';
import { receiveFrom } from '../receive/receiver';
import { syncToDisk } from '../receive/sync-to-disk';
import { SenderSession } from '../send/sender-session';
import { type Address, connect } from '../session/connect';
import { listen } from '../session/listen';
import type { TlsIdentity } from '../session/tls-identity';
import { Channel } from '../wire/channel';
import { WireError } from '../wire/wire-error';
import { RateLimit } from '../wire/rate-limit';
import { serveControl } from './control-server';
import { HandoverProbe } from './handover-probe';
import type { Hook } from './hook';
import { ALREADY_LIVE, TAKE_OVER_FAILED } from './release-answers';
import { Replication } from './replication';
import { RoleFile } from './role-file';
import { ServiceCalls } from './service-calls';
import { SkippedList } from './skipped-list';
import type { ReplicationRequest, TransferStatus } from './transfer-status';

export interface AgentOptions {
  readonly root: string;
  readonly stateFolder: string;
  readonly identity: TlsIdentity;
  readonly listen: Address;
  /** On a loopback address. */
  readonly control: Address;
  readonly rules?: readonly SelectionRule[];
  readonly quiesce?: Hook | null;
  readonly resume?: Hook | null;
  /** Called when the peer has handed its state over: starts the service. */
  readonly takeOver?: Hook | null;
  /** Keeps HTTP requests waiting during the pause: where it listens, and where the service answers behind it. */
  readonly door?: { readonly listen: Address; readonly service: Address } | null;
  readonly log?: (text: string) => void;
}

/** Of requests in a pause: more, or longer, are told to come again. */
const MOST_HELD = 10_000;
const HOLD_AT_MOST_MS = 10_000;

const IDLE = { phase: 'idle', why: 'nothing is replicated', rounds: 0, entries: 0, readBytes: 0, wireBytes: 0, lagBytes: null, dirtyBytesPerSecond: null, throughputBytesPerSecond: null, predictedRounds: null, predictedPauseMs: null, pauseMs: null, pausePredictedMs: null, root: null } as const;

/** Runs beside a service, on its source and on its shadow: serves the peer, and sends to it when it is told to. */
export class Agent {
  private readonly state: StateFolder;
  private readonly role: RoleFile;
  private readonly skipped = new SkippedList();
  private service = new ServiceCalls({ quiesce: null, resume: null, takeOver: null }, null);
  private door: FrontDoor | null = null;
  private replication: Replication | null = null;
  private receiving: Channel | null = null;
  private servers: { readonly peers: TlsServer; readonly control: Server } | null = null;

  constructor(private readonly options: AgentOptions) {
    this.state = new StateFolder(options.stateFolder);
    this.role = new RoleFile(options.stateFolder);
  }

  /** Begins to listen. Returns the ports and the token that the control endpoint asks for. */
  async start(): Promise<{ readonly port: number; readonly controlPort: number; readonly token: string }> {
    const { door = null, quiesce = null, resume = null, takeOver = null } = this.options;
    if (door !== null) this.door = await FrontDoor.open({ listen: door.listen, upstream: door.service, mostHeld: MOST_HELD, holdAtMostMs: HOLD_AT_MOST_MS });
    this.service = new ServiceCalls({ quiesce, resume, takeOver }, door === null || this.door === null ? null : { door: this.door, service: door.service });
    const peers = await listen(this.options.listen, this.options.identity, (socket) => void this.receive(socket));
    const control = await serveControl(this.options.control, this.options.stateFolder, {
      status: () => this.status(),
      replicate: (request) => this.replicate(request),
      cutOver: () => this.running().cutOver(),
      stop: () => this.running().stop(),
    });
    this.servers = { peers: peers.server, control: control.server };
    return { port: peers.port, controlPort: control.port, token: control.token };
  }

  /** Stops listening and sending; what was received is kept. */
  stop(): void {
    this.replication?.stop();
    this.receiving?.close();
    this.servers?.control.closeAllConnections();
    this.servers?.control.close();
    this.servers?.peers.close();
    void this.door?.close();
  }

  status(): TransferStatus {
    return { ...(this.replication?.status() ?? { ...IDLE, root: this.state.mark().root }), role: this.role.get(), skipped: this.skipped.listed, skippedCount: this.skipped.count, door: this.door?.state ?? null };
  }

  /** Begins to replicate to the peer. Throws where this side has handed its state over, or replicates already. */
  replicate(request: ReplicationRequest): void {
    if (this.role.get() === 'standby') throw new Error('this side has handed its state over; the other one replicates now');
    if (this.replication !== null && ['copying', 'ready', 'quiesced', 'unsure'].includes(this.replication.status().phase)) throw new Error('it replicates already');
    if (this.door !== null && request.service === undefined) throw new Error("service is missing: the door must know where the peer's service answers");
    this.receiving?.close();
    this.role.set('live');
    const limit = new RateLimit(request.bytesPerSecond ?? null);
    this.replication = new Replication({
      request,
      sync: () => syncToDisk(this.options.root),
      handover: new HandoverProbe(this.options.quiesce ?? null, this.options.stateFolder),
      quiesce: (limitMs) => this.service.quiesce(limitMs),
      resume: () => this.service.resume(),
      connect: () => this.connect(request, limit),
      onReleased: () => {
        this.role.set('standby');
        this.service.handedOver(request.service);
      },
    });
    void this.replication.run().then(() => this.log(`replication ended: ${this.status().phase}, ${this.status().why}`));
  }

  private async connect({ host, port }: ReplicationRequest, limit: RateLimit): Promise<SenderSession> {
    const channel = new Channel((await connect({ host, port }, this.options.identity)).socket, limit);
    channel.keepAlive();
    this.skipped.clear();
    return SenderSession.open(channel, { root: this.options.root, state: this.state, rules: this.options.rules ?? DEFAULT_RULES, onSkipped: (path, reason) => this.skipped.add(path, reason) });
  }

  private async receive(socket: TLSSocket): Promise<void> {
    // A connection that was dropped without a farewell may still stand: the peer has only one.
    this.receiving?.close();
    const channel = new Channel(socket);
    channel.keepAlive();
    this.receiving = channel;
    const { root } = this.options;
    await receiveFrom(channel, {
      root,
      state: this.state,
      refusal: () => (this.role.get() === 'live' ? ALREADY_LIVE : null),
      onRelease: () => this.takeOver(),
    }).catch((error: unknown) => this.log(`receiving ended: ${(error as Error).message}`));
  }

  // Live before the service starts: whatever happens then, nothing is written under it any more.
  private async takeOver(): Promise<void> {
    const before = this.role.get();
    this.role.set('live');
    await this.service.takeOver().catch((error: unknown) => {
      this.role.set(before);
      throw new WireError(`${TAKE_OVER_FAILED}: ${(error as Error).message}`);
    });
  }

  private running(): Replication {
    if (this.replication === null) throw new Error('nothing is replicated');
    return this.replication;
  }

  private log(text: string): void {
    this.options.log?.(text);
  }
}
